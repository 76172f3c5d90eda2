using System.Globalization;
using System.Text;

namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>
/// A request as it goes over the wire, for what no client would send. Each character of target, headers and body is one
/// byte.
/// </summary>
/// <param name="Fault">What is wrong with it.</param>
internal sealed record FuzzRequest(string Method, string Target, string Fault)
{
    private const int LongestShown = 2_000;

    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Null for none.</summary>
    public string? Body { get; init; }

    /// <summary>How many bytes it promises and does not send.</summary>
    public long Missing { get; init; }

    public bool IsChunked { get; init; }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(Text());

    /// <summary>Enough to send it once more by hand: what is not printable as \xNN.</summary>
    public override string ToString()
    {
        var shown = new StringBuilder($"[{Fault}]\n");
        foreach (var c in Text().Take(LongestShown))
        {
            shown.Append(c switch
            {
                '\n' => "\\n\n",
                '\r' => "\\r",
                < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => $"{c}",
            });
        }

        return Text().Length > LongestShown ? $"{shown}… ({Text().Length} bytes)" : shown.ToString();
    }

    private string Text()
    {
        IEnumerable<string> framing = (IsChunked, Body) switch
        {
            (true, _) => ["Transfer-Encoding: chunked"],
            (_, { } body) => [string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length + Missing}")],
            _ => [],
        };
        return string.Concat(
            new[] { $"{Method} {Target} HTTP/1.1", "Host: 127.0.0.1" }.Concat(Headers).Concat(framing).Append("")
                .Select(line => $"{line}\r\n")) + Body;
    }
}
