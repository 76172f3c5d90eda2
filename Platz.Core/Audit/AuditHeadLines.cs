using System.Globalization;
using System.Text.Json;

namespace Platz.Core.Audit;

/// <summary>Heads as they are kept outside of the database: one JSON object a line; other lines do not count.</summary>
public static class AuditHeadLines
{
    /// <summary>Up to here the trail is this one.</summary>
    public static string Of(AuditEvent last) => JsonSerializer.Serialize(new
    {
        day = last.ChainDay.ToString("O", CultureInfo.InvariantCulture),
        seq = last.Seq,
        hash = Convert.ToHexStringLower(last.Hash),
    });

    /// <exception cref="FormatException">A line is no head.</exception>
    public static IReadOnlyList<AuditHead> Parse(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.StartsWith('{')).Select(Parse)];

    private static AuditHead Parse(string line)
    {
        try
        {
            using var head = JsonDocument.Parse(line);
            return new AuditHead
            {
                ChainDay = DateOnly.ParseExact(
                    head.RootElement.GetProperty("day").GetString()!, "O", CultureInfo.InvariantCulture),
                Seq = head.RootElement.GetProperty("seq").GetInt64(),
                Hash = Convert.FromHexString(head.RootElement.GetProperty("hash").GetString()!),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or ArgumentNullException or FormatException)
        {
            throw new FormatException("A line that begins with { is no head of an audit trail.", e);
        }
    }
}
