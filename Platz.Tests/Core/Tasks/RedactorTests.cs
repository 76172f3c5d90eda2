using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platz.Core.Tasks;

namespace Platz.Tests.Core.Tasks;

public sealed class RedactorTests
{
    private const string Secret = "pä$s <&w+ö/rd>\"?";

    private static readonly Redactor s_redactor = new([Secret, "hunter2secret", "hunter2",
        "line one of it\nshort\nline three of it"]);

    [Theory]
    [InlineData("password hunter2secret!", "password •••!")]
    [InlineData("hunter2 and hunter2secret", "••• and •••")]
    [InlineData("hunter2secrethunter2", "•••")]
    [InlineData("hunterhunter2", "hunter•••")]
    [InlineData("hunter", "hunter")]
    [InlineData("", "")]
    [InlineData("nothing to hide\n\tat all", "nothing to hide\n\tat all")]
    [InlineData("\u001b[31mhun\u001b[0mter2\u001b[1m!", "\u001b[31m•••\u001b[0m\u001b[1m!")]
    [InlineData("h\u001b[38;5;9mu\u001b[mn\u001b[1;2mt\u001b[me\u001b[mr2", "•••\u001b[38;5;9m\u001b[m\u001b[1;2m\u001b[m\u001b[m")]
    public void A_secret_is_masked(string text, string expected) => Assert.Equal(expected, s_redactor.Redact(text));

    [Theory]
    [InlineData("a line one of it b", "a ••• b")]
    [InlineData("line one of it\nshort\nline three of it", "•••")]
    [InlineData("line one of it\r\nshort\r\nline three of it.", "•••\r•••\r•••.")]
    [InlineData("  line one of it\n  short\n  line three of it", "  •••\n  short\n  •••")]
    [InlineData("key: \"line one of it\\nshort\\nline three of it\"", "key: \"•••\"")]
    public void Each_line_of_a_secret_is_one_and_so_is_the_whole(string text, string expected) =>
        Assert.Equal(expected, s_redactor.Redact(text));

    public static TheoryData<string, string> Spellings => new()
    {
        { "url", Uri.EscapeDataString(Secret) },
        { "url in lower case", Lower(Uri.EscapeDataString(Secret)) },
        { "form", WebUtility.UrlEncode(Secret) },
        { "form in lower case", Lower(WebUtility.UrlEncode(Secret)) },
        { "json of .NET", JsonSerializer.Serialize(Secret)[1..^1] },
        { "json of Go", "pä$s \\u003c\\u0026w+ö/rd\\u003e\\\"?" },
        { "plain json", "pä$s <&w+ö/rd>\\\"?" },
        { "json in json", "pä$s <&w+ö/rd>\\\\\\\"?" },
        { "json of Go in json", "pä$s \\\\u003c\\\\u0026w+ö/rd\\\\u003e\\\\\\\"?" },
        { "json of .NET in json", JsonSerializer.Serialize(Secret)[1..^1].Replace("\\", "\\\\", StringComparison.Ordinal) },
        { "html", System.Net.WebUtility.HtmlEncode(Secret) },
        { "hex", Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)) },
        { "hex in lower case", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Secret)) },
        { "base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)) },
        { "base64url", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).TrimEnd('=').Replace('+', '-').Replace('/', '_') },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void However_it_is_spelled(string name, string text)
    {
        Assert.NotNull(name);
        Assert.Equal("a=•••;", s_redactor.Redact($"a={text};"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("u", "")]
    [InlineData("us", "!")]
    [InlineData("use", "!!")]
    [InlineData("user:", "@host")]
    public void In_base64_it_is_found_wherever_it_stands(string before, string after)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + "hunter2secret" + after));

        var redacted = s_redactor.Redact(encoded);

        Assert.Contains(Redactor.Mask, redacted, StringComparison.Ordinal);
        Assert.InRange(redacted.Length, 3, encoded.Length - 16 + 3); // 13 bytes are 17 characters, one of them shared
    }

    [Theory]
    [InlineData("key AKIAIOSFODNN7EXAMPLE.", "key •••.")]
    [InlineData("ASIAIOSFODNN7EXAMPLE", "•••")]
    [InlineData("AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPL")]
    [InlineData("AKIA AKIAIOSFODNN7EXAMPLE", "AKIA •••")]
    [InlineData("t=pltz_b_AbCdEfGhIjKlMnOpQrStUvWxYz01234W0EhD&", "t=•••&")]
    [InlineData("pltz_u_pltz_u_0000000000000000000000000000003UF6r9", "pltz_u_•••")]
    [InlineData("pltz_b_short", "pltz_b_short")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P ok", "Bearer ••• ok")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.short.x", "eyJhbGciOiJIUzI1NiJ9.short.x")]
    [InlineData("eyJ.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", "eyJ.•••")]
    [InlineData("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb", "a\n•••\nb")]
    [InlineData("k: \"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\"", "k: \"•••\\n\"")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nMIIE never ends", "•••")]
    [InlineData("-----BEGIN -----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----", "-----BEGIN •••")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----")]
    public void What_looks_like_a_secret_is_one(string text, string expected) =>
        Assert.Equal(expected, new Redactor([]).Redact(text));

    [Fact]
    public void A_private_key_without_an_end_does_not_swallow_the_log_for_ever()
    {
        var text = "-----BEGIN PRIVATE KEY-----" + new string('x', 100_000) + " end";

        var redacted = new Redactor([]).Redact(text);

        Assert.EndsWith(" end", redacted, StringComparison.Ordinal);
        Assert.InRange(redacted.Length, 30_000, 40_000);
    }

    [Theory]
    [InlineData("abcde")]
    [InlineData("")]
    [InlineData("  abc  ")]
    public void A_value_of_less_than_six_characters_is_left_alone(string secret) =>
        Assert.Equal("abcde abc", new Redactor([secret]).Redact("abcde abc"));

    [Fact]
    public void Space_around_a_value_and_half_a_character_in_it_do_not_hide_it()
    {
        Assert.Equal("x•••y", new Redactor(["  canary-1\n"]).Redact("xcanary-1y"));
        Assert.Equal("x•••y", new Redactor(["canary\uD800"]).Redact("xcanary\uFFFDy"));
    }

    [Theory]
    [InlineData("<abcdefghijklmnop>", "<•••>")] // overlapping: one mask
    [InlineData("abcdefghi", "•••i")] // one inside the other
    [InlineData("xbcdefgx", "x•••x")]
    [InlineData("12bcdefg", "12•••")] // on the way to a longer one that does not come
    [InlineData("12bcdefg34", "•••")]
    public void Secrets_that_share_characters_are_all_masked(string text, string expected) => Assert.Equal(
        expected, new Redactor(["abcdefgh", "efghijkl", "ijklmnop", "bcdefg", "12bcdefg34"]).Redact(text));

    [Fact]
    public void Repeating_text_costs_no_more_than_any_other()
    {
        var redactor = new Redactor([new string('a', 10_000) + "b", string.Concat(Enumerable.Repeat("ab", 5_000))]);
        var hostile = new string('a', 2_000_000) + string.Concat(Enumerable.Repeat("ab", 500_000));
        var watch = Stopwatch.StartNew();

        redactor.Redact(hostile);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}"); // quadratic it would be minutes
    }

    private static string Lower(string text) => Regex.Replace(text, "%..", m => m.Value.ToLowerInvariant());
}
