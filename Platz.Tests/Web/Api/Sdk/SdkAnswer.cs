using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platz.Tests.Web.Api.Sdk;

/// <summary>What the SDK asked and was answered.</summary>
internal sealed partial record SdkAnswer(string Method, Uri Url, int Status, string? Type, JsonNode? Body)
{
    /// <summary>Method and path as the document writes them.</summary>
    public string Operation => $"{Method} {Route}";

    public IEnumerable<string> Parameters => Url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => $"{Operation} {p.Split('=')[0]}");

    /// <summary>Whether the operation was done, or is one of the two that never are.</summary>
    public bool IsDone => Status < 400
        || (Status == 501 && Route.StartsWith("/api/v2/auth/google", StringComparison.Ordinal));

    private string Route => Id().Replace(Url.AbsolutePath, "{id}");

    public static SdkAnswer Of(string line)
    {
        var json = JsonNode.Parse(line)!;
        return new SdkAnswer(
            json["method"]!.GetValue<string>(), new Uri(json["url"]!.GetValue<string>()),
            json["status"]!.GetValue<int>(), json["type"]?.GetValue<string>().Split(';')[0], json["body"]?.DeepClone());
    }

    /// <summary>Holds it against the document. That says nothing of errors: they are problems with a message.</summary>
    public void Check(DocumentSchemas document)
    {
        var place = $"{Operation} {Status}";
        if (Status >= 400)
        {
            Assert.Equal((place, "application/problem+json"), (place, Type));
            Assert.Equal((place, JsonValueKind.String), (place, Body?["message"]?.GetValueKind()));
            return;
        }

        var described = document.Paths[Route]?[Method]?["responses"]?[$"{Status}"];
        Assert.True(described is not null, $"{place} is not in the document");
        if (described["content"]?["application/json"]?["schema"] is not { } schema)
        {
            Assert.Equal((place, null), (place, Body?.ToJsonString()));
            return;
        }

        Assert.Equal((place, "application/json"), (place, Type));
        document.Check(place, schema, Body);
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
