using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Platz.Sandbox.Http;
using Platz.Sandbox.Store;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Platz.Sandbox.Ingress;

/// <summary>What the application behind an ingress answers: one entry of <see cref="Annotation"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScriptedAnswer
{
    /// <summary>On the pod (through its template) or its Service: a list of answers, YAML or JSON.</summary>
    public const string Annotation = "sandbox.platz.io/http";

    /// <summary>Without the query; a <c>*</c> at the end stands for any rest.</summary>
    public string Path { get; init; } = "*";

    /// <summary>Null for any.</summary>
    public string? Method { get; init; }

    public int Status { get; init; } = 200;

    /// <summary>Text as it is; anything else as JSON.</summary>
    public JsonNode? Body { get; init; }

    public string? ContentType { get; init; }

    public int DelayMs { get; init; }

    /// <summary>So many bytes instead of <see cref="Body"/>, of a length that is not told beforehand.</summary>
    public long Bytes { get; init; }

    /// <summary>Reads the request, then cuts the connection.</summary>
    public bool Drop { get; init; }

    /// <summary>Where to; the status is 302 unless it is another 3xx.</summary>
    public string? Redirect { get; init; }

    /// <summary>Answers what was asked: method, path, query, headers and body, as JSON.</summary>
    public bool Echo { get; init; }

    internal int Code => Redirect is not null && Status is < 300 or > 399 ? 302 : Status;

    public bool Fits(string method, string path) =>
        (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (Path.EndsWith('*') ? path.StartsWith(Path[..^1], StringComparison.Ordinal) : Path == path);

    /// <exception cref="FormatException">It is no such list.</exception>
    internal static IReadOnlyList<ScriptedAnswer> Read(string script)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(script));
            var list = yaml.Documents.Count > 0 ? YamlJson.Convert(yaml.Documents[0].RootNode) : new JsonArray();
            return list.Deserialize<List<ScriptedAnswer>>(JsonExtensions.Compact) ?? [];
        }
        catch (Exception refused) when (refused is YamlException or JsonException or InvalidCastException)
        {
            throw new FormatException($"The annotation {Annotation} cannot be read: {refused.Message}", refused);
        }
    }
}
