using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Tasks;
using Platz.Runner.Http;

namespace Platz.Runner.Reporting;

/// <summary>What an endpoint said, or why it said nothing; one of the two is there.</summary>
internal sealed record StatusAnswer(JsonObject? Content, string? Error)
{
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static StatusAnswer Failed(string error) => new(null, error);

    /// <param name="redactor">Knows the token of the call: a chart that echoes it must not tell it to everybody.</param>
    public static StatusAnswer Of(IngressAnswer answer, Redactor redactor)
    {
        if (!answer.IsSuccess)
        {
            return Failed($"It answered {answer.InWords}.");
        }

        if (answer.IsCut)
        {
            return Failed($"Its answer broke off, or is longer than {IngressClient.MaxBody / 1024} KiB.");
        }

        try
        {
            // What PostgreSQL cannot carry is replaced; U+FFFD is what text with NUL becomes everywhere else.
            var text = redactor.Redact(Encoding.UTF8.GetString(answer.Body))
                .Replace("\\u0000", "\\ufffd", StringComparison.Ordinal);
            return JsonNode.Parse(text, documentOptions: s_strict) is JsonObject content
                ? new StatusAnswer(content, null)
                : Failed("Its answer is no status document.");
        }
        catch (JsonException)
        {
            return Failed("Its answer is no JSON.");
        }
    }

    /// <summary>As the existing product stores it (upstream-facts.md 5.5).</summary>
    public JsonObject ToJson(DateTimeOffset at) => new()
    {
        ["timestamp"] = at.UtcDateTime,
        ["get_successful"] = Error is null,
        ["content"] = Content?.DeepClone(),
        ["error"] = Error,
    };

    public string ToText() => Error ?? Content!.ToJsonString();
}
