using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>GET of one object or of a list.</summary>
internal sealed class ResourceReads(ObjectStore store, TimeProvider clock)
{
    public async Task GetAsync(HttpContext context, RequestInfo info, ResourceType type)
    {
        var stored = store.Find(type, info.Key(type).Namespace, info.Name)
            ?? throw ApiException.NotFound(type, info.Name);
        if (Tables.Wanted(context.Request))
        {
            await context.AnswerAsync(200, Tables.Of(type, [stored], [], clock.GetUtcNow()));
            return;
        }

        await context.AnswerAsync(stored);
    }

    public async Task ListAsync(HttpContext context, RequestInfo info, ResourceType type)
    {
        var query = ListQuery.Parse(context.Request, info, type);
        var (objects, version) = store.List(type, info.Namespace);
        if (query.ResourceVersion > version)
        {
            throw TooLarge(query.ResourceVersion.Value, version);
        }

        var (page, metadata) = Page(query, [.. objects.Where(stored => query.Matches(stored.Json))], version);
        if (Tables.Wanted(context.Request))
        {
            await context.AnswerAsync(200, Tables.Of(type, page, metadata, clock.GetUtcNow()));
            return;
        }

        await context.AnswerListAsync(type, page, metadata);
    }

    private static (IReadOnlyList<StoredObject> Page, JsonObject Metadata) Page(
        ListQuery query, IReadOnlyList<StoredObject> matching, long version)
    {
        var rest = query.After is { } after
            ? [.. matching.Where(stored => string.CompareOrdinal($"{stored.Namespace}/{stored.Name}", after) > 0)]
            : matching;
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (query.Limit <= 0 || rest.Count <= query.Limit)
        {
            return (rest, metadata);
        }

        IReadOnlyList<StoredObject> page = [.. rest.Take(query.Limit)];
        metadata["continue"] = ListQuery.Continue(version, page[^1]);
        if (query.Labels.IsEmpty && query.Fields.IsEmpty)
        {
            metadata["remainingItemCount"] = rest.Count - page.Count;
        }

        return (page, metadata);
    }

    private static ApiException TooLarge(long wanted, long current) => new(504, "Timeout",
        $"Timeout: Too large resource version: {wanted}, current: {current}",
        new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "ResourceVersionTooLarge",
                ["message"] = "Too large resource version",
            }),
            ["retryAfterSeconds"] = 1,
        });
}
