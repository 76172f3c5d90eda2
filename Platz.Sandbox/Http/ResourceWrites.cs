using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>POST, PUT, PATCH and DELETE.</summary>
internal sealed class ResourceWrites(
    ObjectStore store, ObjectWriter writer, ObjectDeleter deleter, WriteChecks checks)
{
    public async Task CreateAsync(
        HttpContext context, Caller caller, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        if (info.Name.Length > 0)
        {
            throw ApiException.MethodNotAllowed();
        }

        var json = await RequestBody.ObjectAsync(context.Request, type, cancel);
        CheckNamespace(json, info, type);
        checks.Require(caller, info, type, json, old: null);
        var created = writer.Create(type, info.Namespace, json, IsDryRun(context.Request));
        await context.AnswerAsync(201, created.Utf8);
    }

    public async Task UpdateAsync(
        HttpContext context, Caller caller, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        var json = await RequestBody.ObjectAsync(context.Request, type, cancel);
        CheckNamespace(json, info, type);
        if (json.Name.Length > 0 && json.Name != info.Name)
        {
            throw ApiException.BadRequest(
                $"the name of the object ({json.Name}) does not match the name on the URL ({info.Name})");
        }

        var stored = writer.Update(info.Key(type), current =>
        {
            var next = Part(type, info, current.Json, json.Copy());
            checks.Require(caller, info, type, next, current.Json);
            return next;
        }, IsDryRun(context.Request));
        await context.AnswerAsync(stored);
    }

    public async Task PatchAsync(
        HttpContext context, Caller caller, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        var patch = await Patch.ReadAsync(context.Request, cancel);
        var dryRun = IsDryRun(context.Request);
        if (patch.IsApply && store.Find(type, info.Key(type).Namespace, info.Name) is null)
        {
            checks.RequireCreate(caller, info);
            var json = patch.AsNew(info.Name);
            checks.Require(caller, info, type, json, old: null);
            var created = writer.Create(type, info.Key(type).Namespace, json, dryRun, patch.Remember(null));
            await context.AnswerAsync(201, created.Utf8);
            return;
        }

        IReadOnlyDictionary<string, JsonObject>? applied = null;
        if (patch.IsApply)
        {
            applied = patch.Remember(store.Find(type, info.Key(type).Namespace, info.Name));
        }

        var stored = writer.Update(info.Key(type), current =>
        {
            var next = current.Json.Copy();
            patch.ApplyTo(next, current);
            next = Part(type, info, current.Json, next);
            checks.Require(caller, info, type, next, current.Json);
            return next;
        }, dryRun, applied);
        await context.AnswerAsync(stored);
    }

    public async Task DeleteAsync(
        HttpContext context, Caller caller, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        var options = await OptionsAsync(context.Request, cancel);
        if (store.Find(type, info.Key(type).Namespace, info.Name) is { } doomed)
        {
            checks.Require(caller, info, type, json: null, doomed.Json);
        }

        var deleted = deleter.Delete(info.Key(type), options);
        var isGone = store.Find(type, deleted.Namespace, deleted.Name)?.Uid != deleted.Uid;
        if (type == ResourceTypes.Pods || type == ResourceTypes.Namespaces || !isGone)
        {
            await context.AnswerAsync(deleted);
            return;
        }

        await context.AnswerAsync(200, Success(deleted));
    }

    public async Task DeleteCollectionAsync(
        HttpContext context, Caller caller, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        var options = await OptionsAsync(context.Request, cancel);
        var query = ListQuery.Parse(context.Request, info, type);
        var (objects, version) = store.List(type, info.Namespace);
        var matching = objects.Where(stored => query.Matches(stored.Json)).ToList();
        foreach (var stored in matching)
        {
            try
            {
                checks.Require(caller, info, type, json: null, stored.Json);
                deleter.Delete(stored.Key, options);
            }
            catch (ApiException refused) when (refused.Code == 404)
            {
                // somebody else has just deleted it
            }
        }

        await context.AnswerListAsync(type, matching,
            new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) });
    }

    /// <summary>A write to /status changes status only; one to the object itself leaves status alone.</summary>
    private static JsonObject Part(ResourceType type, RequestInfo info, JsonObject current, JsonObject next)
    {
        if (info.Subresource is "status")
        {
            var changed = current.Copy();
            changed["status"] = next["status"]?.DeepClone();
            if (next.At("metadata", "labels") is { } labels)
            {
                changed.Metadata["labels"] = labels.DeepClone();
            }

            return changed;
        }

        if (info.Subresource is "finalize")
        {
            var changed = current.Copy();
            changed.Ensure("spec")["finalizers"] = next.At("spec", "finalizers")?.DeepClone();
            return changed;
        }

        if (type.HasStatus)
        {
            next["status"] = current["status"]?.DeepClone();
        }

        return next;
    }

    private static void CheckNamespace(JsonObject json, RequestInfo info, ResourceType type)
    {
        if (type.Namespaced && json.Namespace.Length > 0 && json.Namespace != info.Namespace)
        {
            throw ApiException.BadRequest(
                "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private static async Task<DeleteOptions> OptionsAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = await RequestBody.OptionsAsync(request, cancel);
        var grace = request.Query["gracePeriodSeconds"].ToString();
        var propagation = request.Query["propagationPolicy"].ToString();
        var orphans = body.Flag("orphanDependents") == true || request.Query["orphanDependents"].ToString() == "true";
        return new DeleteOptions
        {
            GraceSeconds = body.Number("gracePeriodSeconds")
                ?? (grace.Length > 0 ? long.Parse(grace, CultureInfo.InvariantCulture) : null),
            Propagation = body.Text("propagationPolicy")
                ?? (propagation.Length > 0 ? propagation : orphans ? "Orphan" : "Background"),
            Uid = body.Text("preconditions", "uid"),
            ResourceVersion = body.Text("preconditions", "resourceVersion"),
            DryRun = IsDryRun(request) || body.Texts("dryRun").Any(),
        };
    }

    private static bool IsDryRun(HttpRequest request) => request.Query["dryRun"].ToString() == "All";

    private static JsonObject Success(StoredObject deleted)
    {
        var details = new JsonObject { ["name"] = deleted.Name };
        if (deleted.Type.Group.Length > 0)
        {
            details["group"] = deleted.Type.Group;
        }

        details["kind"] = deleted.Type.Plural;
        details["uid"] = deleted.Uid;
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
