using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace Platz.Core.Tasks;

/// <summary>Every spelling in which a program is likely to print a secret value.</summary>
internal static class SecretForms
{
    public const int MinLength = 6;

    private static readonly JavaScriptEncoder s_plainJson = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static IEnumerable<string> Of(string secret) =>
        Pieces(secret).SelectMany(Spellings).Where(form => form.Length >= MinLength);

    /// <summary>The value itself and, as output is often indented or cut, each of its lines.</summary>
    private static IEnumerable<string> Pieces(string secret)
    {
        secret = string.Concat(secret.EnumerateRunes()).Trim(); // half a character becomes U+FFFD, as in the log
        var whole = secret.ReplaceLineEndings("\n");
        var lines = whole.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("-----", StringComparison.Ordinal));
        return lines.Append(whole).Append(secret).Where(piece => piece.Length >= MinLength).Distinct();
    }

    private static IEnumerable<string> Spellings(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var escaped = Uri.EscapeDataString(text);
        string[] url = [escaped, WebUtility.UrlEncode(text), escaped.Replace("%20", "+", StringComparison.Ordinal)];
        return
        [
            text,
            .. Base64(bytes),
            Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes),
            .. url, .. url.Select(LowerEscapes),
            WebUtility.HtmlEncode(text), text.Replace("'", "''", StringComparison.Ordinal), // as YAML in quotes
            .. Json(text),
            .. Json(text).Select(s_plainJson.Encode), // JSON that somebody put into a string of JSON
        ];
    }

    /// <summary>
    /// Base64 spells a value in three ways, by its place in the encoded text. Characters that share bits with a
    /// neighbour are left out, except where the value was encoded alone.
    /// </summary>
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            var core = encoded[((offset * 8 + 5) / 6)..((offset + bytes.Length) * 8 / 6)];
            yield return core;
            yield return core.Replace('+', '-').Replace('/', '_');
        }

        var alone = Convert.ToBase64String(bytes);
        yield return alone;
        yield return alone.Replace('+', '-').Replace('/', '_').TrimEnd('=');
    }

    private static string[] Json(string text)
    {
        var (plain, careful) = (s_plainJson.Encode(text), JavaScriptEncoder.Default.Encode(text));
        return [plain, GoJson(plain), careful, LowerEscapes(careful)];
    }

    /// <summary>Go escapes what HTML would misread, in lower case.</summary>
    private static string GoJson(string json) => json
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal);

    /// <summary>The hex digits after each % or \u in lower case.</summary>
    private static string LowerEscapes(string text)
    {
        var lower = text.ToCharArray();
        for (var i = 0; i < text.Length; i++)
        {
            var digits = text[i] is '%' ? 2 : text.AsSpan(i).StartsWith("\\u", StringComparison.Ordinal) ? 5 : 0;
            for (var end = Math.Min(i + digits, text.Length - 1); digits > 0 && i < end; i++)
            {
                lower[i + 1] = char.ToLowerInvariant(lower[i + 1]);
            }
        }

        return new string(lower);
    }
}
