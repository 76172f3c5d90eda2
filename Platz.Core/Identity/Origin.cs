using System.Net;

namespace Platz.Core.Identity;

/// <summary>From where and with what somebody acts, for the audit trail.</summary>
/// <param name="TokenId">Null in a browser.</param>
public sealed record Origin(IPAddress? Address, Guid? TokenId)
{
    public static Origin Unknown { get; } = new(null, null);
}
