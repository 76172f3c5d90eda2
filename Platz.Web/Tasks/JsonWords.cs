using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Web.Tasks;

/// <summary>JSON for people. Blazor encodes it for HTML, so nothing needs to be escaped twice here.</summary>
public static class JsonWords
{
    private static readonly JsonSerializerOptions s_line =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Line(JsonNode? node) => node?.ToJsonString(s_line) ?? "null";
}
