using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Core.Audit;

/// <summary>
/// The one form of an event that is hashed: JSON as RFC 8785 writes it (UTF-8, no spaces, keys in ordinal order), times
/// in UTC to the microsecond, as PostgreSQL keeps them. <c>jsonb</c> forgets the order of keys, so the form may not
/// depend on it; and it is written here, because the escapes of a library may change with its version.
/// </summary>
public static class AuditCanon
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Over the hash of the event before and everything that is kept of this one.</summary>
    public static byte[] Hash(AuditEvent happened) =>
        SHA256.HashData([.. happened.Previous, .. Encoding.UTF8.GetBytes(Text(happened))]);

    public static string TimeOf(AuditEvent happened) => happened.At.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture);

    public static string Text(AuditEvent happened)
    {
        var text = new StringBuilder();
        Write(text, new JsonObject
        {
            ["action"] = happened.Action,
            ["actor_id"] = happened.ActorId?.ToString(),
            ["actor_kind"] = $"{happened.ActorKind}",
            ["actor_name"] = happened.ActorName,
            ["at"] = TimeOf(happened),
            ["chain_day"] = happened.ChainDay.ToString("O", CultureInfo.InvariantCulture),
            ["detail"] = happened.Detail.DeepClone(),
            ["env_id"] = happened.EnvId?.ToString(),
            ["ip"] = happened.Ip?.ToString(),
            ["outcome"] = $"{happened.Outcome}",
            ["seq"] = happened.Seq,
            ["subject_id"] = happened.SubjectId?.ToString(),
            ["subject_kind"] = happened.SubjectKind,
            ["subject_name"] = happened.SubjectName,
            ["token_id"] = happened.TokenId?.ToString(),
        });
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                WriteAll(text, '{', '}', map.OrderBy(p => p.Key, StringComparer.Ordinal), pair =>
                {
                    Quote(text, pair.Key);
                    text.Append(':');
                    Write(text, pair.Value);
                });
                break;
            case JsonArray list:
                WriteAll(text, '[', ']', list, item => Write(text, item));
                break;
            case var value when value.GetValueKind() is JsonValueKind.String:
                Quote(text, value.GetValue<string>());
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void WriteAll<T>(StringBuilder text, char open, char close, IEnumerable<T> items, Action<T> write)
    {
        var separator = open;
        foreach (var item in items)
        {
            text.Append(separator);
            write(item);
            separator = ',';
        }

        if (separator == open)
        {
            text.Append(open);
        }

        text.Append(close);
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
