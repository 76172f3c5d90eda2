using System.Security.Cryptography;
using Platz.Core.Catalog;

namespace Platz.Tests.Support;

/// <summary>An envelope whose key no other has.</summary>
public static class TestKeys
{
    public static Envelope NewEnvelope()
    {
        using var folder = new TempFolder();
        return new Envelope(KeyRing.Load(folder.File($"keys-{RandomNumberGenerator.GetHexString(8)}")));
    }
}
