using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Platz.Core.Catalog;

namespace Platz.Tests.Core.Catalog;

[UnsupportedOSPlatform("windows")]
public sealed class EnvelopeTests : IDisposable
{
    private const string Context = "secrets/0197/env-1/contents/1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platz-keys-");

    [Fact]
    public void Whatever_is_sealed_opens_again()
    {
        var envelope = new Envelope(Ring("k1"));

        Gen.Select(Gen.Byte.Array, Gen.String).Sample((plain, context) =>
            envelope.Open(envelope.Seal(plain, context), context).AsSpan().SequenceEqual(plain));
        Assert.Equal("pässwörd", envelope.OpenText(envelope.Seal("pässwörd", Context), Context));
    }

    [Fact]
    public void The_same_text_is_sealed_differently_every_time_and_never_shows()
    {
        var envelope = new Envelope(Ring("k1"));
        var (first, second) = (envelope.Seal("canary-canary", Context), envelope.Seal("canary-canary", Context));

        Assert.NotEqual(first, second);
        Assert.DoesNotContain("canary", Encoding.Latin1.GetString(first), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_copied_to_another_place_does_not_open()
    {
        var envelope = new Envelope(Ring("k1"));
        var value = envelope.Seal("canary", Context);

        var error = Assert.Throws<EnvelopeException>(() => envelope.Open(value, "secrets/0197/env-2/contents/1"));

        Assert.Equal(EnvelopeFault.TamperedOrCopied, error.Fault);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_flipped_bit_and_no_cut_goes_unnoticed()
    {
        var envelope = new Envelope(Ring("k1"));
        var value = envelope.Seal("canary", Context);

        for (var i = 0; i < value.Length; i++)
        {
            var flipped = value.ToArray();
            flipped[i] ^= 1;
            Assert.Throws<EnvelopeException>(() => envelope.Open(flipped, Context));
            Assert.Throws<EnvelopeException>(() => envelope.Open(value.AsSpan(0, i), Context));
        }
    }

    [Fact]
    public void Random_bytes_are_refused_and_nothing_else_happens()
    {
        var envelope = new Envelope(Ring("k1"));

        Gen.Byte.Array[0, 120].Sample(bytes =>
        {
            Assert.Throws<EnvelopeException>(() => envelope.Open(bytes, Context));
            Assert.Throws<EnvelopeException>(() => envelope.Open([1, 2, (byte)'k', (byte)'1', .. bytes], Context));
        });
    }

    [Fact]
    public void A_new_key_on_top_seals_while_the_old_one_still_opens()
    {
        var old = new Envelope(Ring("k1")).Seal("before", Context);
        var both = new Envelope(Ring("k2", "k1"));
        var younger = both.Seal("after", Context);

        Assert.Equal("before", both.OpenText(old, Context));
        var error = Assert.Throws<EnvelopeException>(() => new Envelope(Ring("k1")).Open(younger, Context));
        Assert.Equal(EnvelopeFault.UnknownKey, error.Fault);
        Assert.Contains("k2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_key_under_the_same_name_opens_nothing()
    {
        var value = new Envelope(Ring("k1")).Seal("canary", Context);
        var path = Path.Combine(_folder.FullName, "other");
        Write(path, $"k1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}\n");

        var error = Assert.Throws<EnvelopeException>(() => new Envelope(KeyRing.Load(path)).Open(value, Context));

        Assert.Equal(EnvelopeFault.TamperedOrCopied, error.Fault);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private KeyRing Ring(params string[] ids)
    {
        var path = Path.Combine(_folder.FullName, "keys");
        Write(path, string.Concat(ids.Select(id =>
            $"{id}:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}\n")));
        return KeyRing.Load(path);
    }

    private static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
