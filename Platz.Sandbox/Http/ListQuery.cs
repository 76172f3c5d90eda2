using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>The options of a list or watch, checked as the real server checks them.</summary>
internal sealed class ListQuery
{
    private ListQuery(LabelSelector labels, FieldSelector fields)
    {
        Labels = labels;
        Fields = fields;
    }

    public LabelSelector Labels { get; }

    public FieldSelector Fields { get; }

    /// <summary>Null when none was given.</summary>
    public long? ResourceVersion { get; private init; }

    public int Limit { get; private init; }

    /// <summary>The key after which a continued list goes on.</summary>
    public string? After { get; private init; }

    public TimeSpan? Timeout { get; private init; }

    public bool AllowBookmarks { get; private init; }

    public static ListQuery Parse(HttpRequest request, RequestInfo info, ResourceType type)
    {
        var query = request.Query;
        if (query.ContainsKey("sendInitialEvents"))
        {
            throw SendInitialEventsRefused();
        }

        var fields = query["fieldSelector"].ToString();
        if (info.Name.Length > 0 && info.IsWatch)
        {
            fields = $"metadata.name={info.Name}";
        }

        return new ListQuery(LabelSelector.Parse(query["labelSelector"]), FieldSelector.Parse(type, fields))
        {
            ResourceVersion = ParseVersion(query["resourceVersion"].ToString()),
            Limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var limit) ? limit : 0,
            After = ParseContinue(query["continue"].ToString()),
            Timeout = int.TryParse(query["timeoutSeconds"], CultureInfo.InvariantCulture, out var seconds)
                && seconds > 0
                ? TimeSpan.FromSeconds(seconds)
                : null,
            AllowBookmarks = query["allowWatchBookmarks"].ToString() is "true" or "1",
        };
    }

    public bool Matches(JsonObject json) => Labels.Matches(json) && Fields.Matches(json);

    public static string Continue(long version, StoredObject last) => Convert.ToBase64String(StoredObject.Write(
        new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = version, ["start"] = $"{last.Namespace}/{last.Name}" }));

    private static long? ParseVersion(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new ApiException(500, null, $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: "
                + $"parsing \"{text}\": invalid syntax");
    }

    private static string? ParseContinue(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(token))).Text("start");
        }
        catch (Exception refused) when (refused is FormatException or JsonException)
        {
            throw ApiException.BadRequest("continue key is not valid: illegal base64 data");
        }
    }

    /// <summary>Streaming lists are not offered, as on 1.26; helm 4 and client-go then list and watch.</summary>
    private static ApiException SendInitialEventsRefused() =>
        ApiException.Invalid("ListOptions.meta.k8s.io",
            new JsonObject { ["group"] = "meta.k8s.io", ["kind"] = "ListOptions" },
            "",
            [
                FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch"),
                FieldError.Forbidden("resourceVersionMatch",
                    "resourceVersionMatch is forbidden unless resourceVersion is provided"),
            ]);
}
