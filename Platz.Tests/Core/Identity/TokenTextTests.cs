using CsCheck;
using Platz.Core.Identity;

namespace Platz.Tests.Core.Identity;

public sealed class TokenTextTests
{
    private const string Known = "pltz_b_AbCdEfGhIjKlMnOpQrStUvWxYz01234W0EhD"; // checksum from Python's zlib.crc32

    [Theory]
    [InlineData(TokenOwner.User, "pltz_u_")]
    [InlineData(TokenOwner.Bot, "pltz_b_")]
    public void A_new_token_names_its_owner_and_is_read_back(TokenOwner owner, string prefix)
    {
        var token = TokenText.Create(owner);

        Assert.StartsWith(prefix, token, StringComparison.Ordinal);
        Assert.Matches($@"\A{TokenText.Pattern}\z", token);
        Assert.True(TokenText.TryParse(token, out var read));
        Assert.Equal(owner, read);
    }

    [Theory]
    [InlineData("pltz_u_0000000000000000000000000000003UF6r9", TokenOwner.User)]
    [InlineData(Known, TokenOwner.Bot)]
    public void The_checksum_is_the_usual_crc32(string token, TokenOwner owner)
    {
        Assert.True(TokenText.TryParse(token, out var read));
        Assert.Equal(owner, read);
    }

    [Fact]
    public void One_wrong_character_is_noticed_anywhere()
    {
        const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var places = Enumerable.Range(7, Known.Length - 7);
        foreach (var (i, c) in places.SelectMany(i => Alphabet.Select(c => (i, c))))
        {
            var changed = Known[..i] + c + Known[(i + 1)..];
            Assert.Equal(changed == Known, TokenText.TryParse(changed, out _));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pltz_b_")]
    [InlineData("pltz_x_AbCdEfGhIjKlMnOpQrStUvWxYz01234W0EhD")]
    [InlineData("PLTZ_b_AbCdEfGhIjKlMnOpQrStUvWxYz01234W0EhD")]
    [InlineData(" pltz_b_AbCdEfGhIjKlMnOpQrStUvWxYz01234W0EhD")]
    [InlineData(Known + ".")]
    [InlineData(Known + "\n")]
    [InlineData("pltz_b_AbCdEfGhIjKlMnOpQrStUvWxYz0１234W0EhD")]
    [InlineData("pltz_b_AbCdEfGhIjKlMnOpQrStUvWxYz0-234W0EhD")]
    public void Anything_else_is_no_token(string? text) => Assert.False(TokenText.TryParse(text, out _));

    [Fact]
    public void No_text_makes_it_throw()
    {
        Assert.False(TokenText.TryParse(new string('a', 1_000_000), out _));
        Gen.String.Sample(text => !TokenText.TryParse("pltz_u_" + text, out _));
    }

    [Fact]
    public void A_hundred_thousand_tokens_differ_and_use_every_character_alike()
    {
        var tokens = Enumerable.Range(0, 100_000).Select(_ => TokenText.Create(TokenOwner.User)[7..37]).ToHashSet();
        var counts = tokens.SelectMany(t => t).CountBy(c => c).Select(pair => pair.Value).ToList();

        Assert.Equal(100_000, tokens.Count);
        Assert.Equal(62, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 47_000, 50_000)); // 48,387 expected, 6 deviations are 1,310
    }

    [Fact]
    public void The_hash_depends_on_token_and_pepper()
    {
        var hash = TokenText.Hash(Known, "pepper"u8);

        Assert.Equal("552A27E8AD7D7DCFD93808920AACCAFC99B4A6F2E234AFBF6FD2B4EE1BA9973A", Convert.ToHexString(hash));
        Assert.NotEqual(hash, TokenText.Hash(Known, "other"u8));
        Assert.NotEqual(hash, TokenText.Hash(Known[..^1] + "x", "pepper"u8));
    }
}
