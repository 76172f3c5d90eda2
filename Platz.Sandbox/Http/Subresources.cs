using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>Scale, token requests, and what callers ask about themselves.</summary>
internal sealed class Subresources(
    ObjectStore store, ObjectWriter writer, Tokens tokens, Authorizer authorizer, TimeProvider clock)
{
    private const int LeastTokenSeconds = 600;

    private static readonly ResourceType s_tokenRequests =
        new("authentication.k8s.io", "v1", "tokenrequests", "TokenRequest", true);

    private static readonly ResourceType s_scales = new("autoscaling", "v1", "scales", "Scale", true);

    public async Task TokenAsync(HttpContext context, RequestInfo info, CancellationToken cancel)
    {
        var request = await RequestBody.ObjectAsync(context.Request, s_tokenRequests, cancel);
        var account = store.Find(ResourceTypes.ServiceAccounts, info.Namespace, info.Name)
            ?? throw ApiException.NotFound(ResourceTypes.ServiceAccounts, info.Name);
        var seconds = request.Number("spec", "expirationSeconds") ?? 3600;
        if (seconds < LeastTokenSeconds)
        {
            throw ApiException.Invalid(s_tokenRequests, "", [FieldError.Invalid("spec.expirationSeconds",
                seconds.ToString(CultureInfo.InvariantCulture), "may not specify a duration less than 10 minutes")]);
        }

        var expires = clock.GetUtcNow().AddSeconds(seconds);
        request["kind"] = s_tokenRequests.Kind;
        request["apiVersion"] = s_tokenRequests.ApiVersion;
        request["metadata"] = new JsonObject
        {
            ["name"] = info.Name,
            ["namespace"] = info.Namespace,
            ["creationTimestamp"] = clock.GetUtcNow().Rfc3339,
        };
        request.Ensure("spec")["expirationSeconds"] = seconds;
        request["status"] = new JsonObject
        {
            ["token"] = tokens.Issue(info.Namespace, info.Name, account.Uid, expires),
            ["expirationTimestamp"] = expires.Rfc3339,
        };
        await context.AnswerAsync(201, request);
    }

    public async Task ReviewAsync(HttpContext context, Caller caller, CancellationToken cancel)
    {
        var review = await RequestBody.ObjectAsync(context.Request, ResourceTypes.AccessReviews, cancel);
        var wanted = review.Object("spec", "resourceAttributes");
        var allowed = wanted is null
            ? caller.IsAdmin
            : authorizer.IsAllowed(caller, new Attributes(wanted.Text("verb") ?? "", wanted.Text("group") ?? "",
                wanted.Text("resource") ?? "", wanted.Text("subresource") ?? "", wanted.Text("namespace") ?? "",
                wanted.Text("name") ?? ""));
        review["kind"] = ResourceTypes.AccessReviews.Kind;
        review["apiVersion"] = ResourceTypes.AccessReviews.ApiVersion;
        review["metadata"] = new JsonObject { ["creationTimestamp"] = null };
        review["status"] = new JsonObject { ["allowed"] = allowed };
        await context.AnswerAsync(201, review);
    }

    /// <summary>Who the caller is to the server (<c>kubectl auth whoami</c>).</summary>
    public Task SelfAsync(HttpContext context, Caller caller) => context.AnswerAsync(201, new JsonObject
    {
        ["kind"] = ResourceTypes.SelfReviews.Kind,
        ["apiVersion"] = ResourceTypes.SelfReviews.ApiVersion,
        ["metadata"] = new JsonObject { ["creationTimestamp"] = clock.GetUtcNow().Rfc3339 },
        ["status"] = new JsonObject
        {
            ["userInfo"] = new JsonObject
            {
                ["username"] = caller.Name,
                ["groups"] = new JsonArray([.. caller.Groups.Select(group => (JsonNode)group)]),
            },
        },
    });

    public async Task ScaleAsync(HttpContext context, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        var stored = store.Find(type, info.Namespace, info.Name) ?? throw ApiException.NotFound(type, info.Name);
        if (info.Verb is "patch" or "update")
        {
            var scale = Scale(stored.Json);
            if (info.Verb == "update")
            {
                scale = await RequestBody.ObjectAsync(context.Request, s_scales, cancel);
            }
            else
            {
                (await Patch.ReadAsync(context.Request, cancel)).ApplyTo(scale, stored);
            }

            stored = writer.Update(stored.Key, current =>
            {
                var next = current.Json.Copy();
                next.Ensure("spec")["replicas"] = scale.Number("spec", "replicas") ?? 0;
                return next;
            });
        }

        await context.AnswerAsync(200, Scale(stored.Json));
    }

    private static JsonObject Scale(JsonObject json) => new()
    {
        ["kind"] = "Scale",
        ["apiVersion"] = "autoscaling/v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = json.Name,
            ["namespace"] = json.Namespace,
            ["uid"] = json.Uid,
            ["resourceVersion"] = json.Text("metadata", "resourceVersion"),
            ["creationTimestamp"] = json.Text("metadata", "creationTimestamp"),
        },
        ["spec"] = new JsonObject { ["replicas"] = json.Number("spec", "replicas") ?? 1 },
        ["status"] = new JsonObject
        {
            ["replicas"] = json.Number("status", "replicas") ?? 0,
            ["selector"] = LabelSelector.Of(json.Object("spec", "selector"))?.ToString() ?? "",
        },
    };
}
