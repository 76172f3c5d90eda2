using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Platz.Core.Tasks;

namespace Platz.Tests.Core.Tasks;

public sealed partial class LogLinesFuzzTests
{
    private static readonly string[] s_secrets =
    [
        "hunter2secret", "aaaaaaab", "abababab", "pä$s <&w+ö/rd>", "first line of key\nsecond line of key",
        "😀😀secret😀", "-----secret-----", "eyJsecret",
    ];

    private static readonly Redactor s_redactor = new(s_secrets);

    private static readonly Gen<string> s_code =
        Gen.OneOf("\u001b[31m", "\u001b[m", "\a", "\u001b[2K", "\u001b]0;t\a");

    private static readonly Gen<string> s_piece = Gen.Frequency(
        (4, Gen.OneOf(s_secrets)),
        (2, Gen.OneOf(s_secrets).Select(Gen.Int[1, 20], (secret, length) => secret[..Math.Min(length, secret.Length)])),
        (2, Gen.OneOf(s_secrets).Select(Base64)),
        (1, Gen.OneOf(s_secrets).Select(Uri.EscapeDataString)),
        (2, Gen.OneOf(s_secrets).Select(s_code, (secret, code) => string.Join(code, secret.ToCharArray()))),
        (4, Gen.String[0, 12]),
        (3, Gen.OneOf("\n", "\r", "\r\n", "\u001b", "\u001b[", "\u001b]",
            "\u001b\\", "m", "\a", "\0", "•••", "eyJ", "AKIA", "pltz_b_", "-----BEGIN ", "-----END ", "a", "ab")),
        (1, Gen.Int[8000, 9000].Select(length => new string('é', length))));

    private static readonly Gen<byte[]> s_log = Gen.OneOf(
            s_piece.Select(Encoding.UTF8.GetBytes),
            Gen.Byte.Array[0, 6])
        .Array[0, 25].Select(parts => parts.SelectMany(part => part).ToArray());

    [Fact]
    public void No_secret_comes_through_however_the_log_is_cut() =>
        Gen.Select(s_log, Gen.Int[1, 40].Array[1, 10]).Sample(
            (bytes, sizes) =>
            {
                var lines = Lines(bytes, sizes);
                Assert.Equal(Lines(bytes, [int.MaxValue]), lines);
                foreach (var line in lines)
                {
                    var visible = Colours().Replace(line, "");
                    Assert.DoesNotContain(s_secrets, secret => visible.Contains(secret, StringComparison.Ordinal));
                    Assert.DoesNotContain(s_secrets, secret =>
                        visible.Contains(Base64(secret), StringComparison.Ordinal));
                    Assert.DoesNotContain(visible, c => c is < ' ' and not '\t' or >= '\u007f' and < '\u00a0');
                    Assert.Equal(line, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line)));
                    Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, LogLines.MaxLineBytes);
                }
            },
            iter: 3_000);

    [Fact]
    public void Text_without_secrets_and_commands_is_left_as_it_is() =>
        Gen.Char.Where(c =>
            c is '\t' or '\n' or >= ' ' and < '\u007f' or > '\u009f' && !char.IsSurrogate(c)).Array[0, 300]
            .Select(chars => new string(chars)).Sample(text =>
                new Redactor(["\u0001unprintable\u0001"]).Redact(text) == text
                && string.Join('\n', Lines(Encoding.UTF8.GetBytes(text), [7])) == Regex.Replace(text, "\n\\z", ""));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static List<string> Lines(byte[] bytes, int[] sizes)
    {
        var log = new LogLines(s_redactor);
        var lines = new List<string>();
        for (var (at, i) = (0, 0); at < bytes.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], bytes.Length - at);
            lines.AddRange(log.Push(bytes.AsSpan(at, size)));
            at += size;
        }

        return [.. lines, .. log.Complete()];
    }

    [GeneratedRegex("\u001b\\[[0-9;:]*m")]
    private static partial Regex Colours();
}
