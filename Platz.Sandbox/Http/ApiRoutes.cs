using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>Finds who answers a path.</summary>
internal sealed class ApiRoutes(
    ResourceReads reads, ResourceWrites writes, Streams streams, Subresources subresources, Authorizer authorizer)
{
    private readonly Impersonation _impersonation = new(authorizer);

    public async Task AnswerAsync(HttpContext context, Caller authenticated, CancellationToken cancel)
    {
        var request = context.Request;
        var caller = _impersonation.ActingAs(authenticated, request);
        if (RequestInfo.Parse(request) is not { } info)
        {
            await AnswerOutsideAsync(context, caller);
            return;
        }

        authorizer.Require(caller, info);
        if (ResourceTypes.Find(info.Group, info.Version, info.Resource) is not { } type)
        {
            if (ResourceTypes.HasGroupVersion(info.Group, info.Version))
            {
                throw ApiException.UnknownResource();
            }

            await context.AnswerTextAsync(404, "404 page not found\n");
            return;
        }

        await (info.Subresource switch
        {
            "" or "status" or "finalize" => AnswerObjectAsync(context, caller, info, type, cancel),
            "log" when type == ResourceTypes.Pods && info.Verb == "get" => streams.LogAsync(context, info, cancel),
            "scale" when type.HasScale => subresources.ScaleAsync(context, info, type, cancel),
            "token" when type == ResourceTypes.ServiceAccounts && info.Verb == "create" =>
                subresources.TokenAsync(context, info, cancel),
            _ => throw ApiException.UnknownResource(),
        });
    }

    private Task AnswerObjectAsync(
        HttpContext context, Caller caller, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        if (type == ResourceTypes.AccessReviews && info.Verb == "create")
        {
            return subresources.ReviewAsync(context, caller, cancel);
        }

        if (type == ResourceTypes.SelfReviews && info.Verb == "create")
        {
            return subresources.SelfAsync(context, caller);
        }

        // Objects of a namespace are listed everywhere, but written in their namespace only.
        var isMisplaced = type.Namespaced && info.Namespace.Length == 0 && info.Verb is not ("list" or "watch");
        if (isMisplaced || (!type.Verbs.Contains(info.Verb) && info.Subresource.Length == 0))
        {
            throw ApiException.MethodNotAllowed();
        }

        return info.Verb switch
        {
            "get" => reads.GetAsync(context, info, type),
            "list" => reads.ListAsync(context, info, type),
            "watch" => streams.WatchAsync(context, info, type, cancel),
            "create" => writes.CreateAsync(context, caller, info, type, cancel),
            "update" => writes.UpdateAsync(context, caller, info, type, cancel),
            "patch" => writes.PatchAsync(context, caller, info, type, cancel),
            "delete" => writes.DeleteAsync(context, caller, info, type, cancel),
            _ => writes.DeleteCollectionAsync(context, caller, info, type, cancel),
        };
    }

    private static Task AnswerOutsideAsync(HttpContext context, Caller caller)
    {
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["version"])
        {
            return context.AnswerAsync(200, Discovery.Version());
        }

        if (parts is ["healthz" or "livez" or "readyz", ..])
        {
            return context.AnswerTextAsync(200, "ok");
        }

        Authorizer.RequireDiscovery(caller, context.Request);
        if (parts is ["openapi", "v2"])
        {
            return OpenApi.AnswerVersion2Async(context);
        }

        return Document(parts, context) is { } document
            ? context.AnswerAsync(200, document)
            : context.AnswerTextAsync(404, "404 page not found\n");
    }

    private static JsonObject? Document(string[] parts, HttpContext context) => parts switch
    {
        ["api"] => Discovery.Core(context.Request.Host.Value ?? ""),
        ["apis"] => Discovery.Groups(),
        ["api", var version] => Discovery.Resources("", version),
        ["apis", var group] when Discovery.Groups()["groups"]!.AsArray().Any(g => g.Text("name") == group) =>
            Named(Discovery.Group(group)),
        ["apis", var group, var version] => Discovery.Resources(group, version),
        ["openapi", "v3"] => OpenApi.Index(),
        ["openapi", "v3", .. var rest] => OpenApi.Document(string.Join('/', rest)),
        _ => null,
    };

    private static JsonObject Named(JsonObject group)
    {
        group["kind"] = "APIGroup";
        group["apiVersion"] = "v1";
        return group;
    }
}
