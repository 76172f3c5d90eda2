using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Catalog;

/// <summary>
/// Where the pods of an env may run. A change reinstalls all its enabled deployments, in the same transaction.
/// </summary>
public sealed class EnvEditor(IDbContextFactory<PlatzDb> databases)
{
    private const int MaxJson = 16 * 1024;

    /// <param name="seen">What the caller saw before: a save over another change is refused. Null asks for no such care.</param>
    /// <returns>Saved with the number of deployments that follow; zero when nothing differs.</returns>
    public async Task<EnvResult> PlaceAsync(
        Guid envId, JsonObject? nodeSelector, JsonArray? tolerations, EnvPlacement? seen, Actor actor,
        CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var standing = await Access.OfAsync(db, actor, envId, kindId: null, cancel);
        var env = standing is Standing.None ? null : await db.Envs
            .FromSql($"SELECT * FROM envs WHERE id = {envId} FOR UPDATE").SingleOrDefaultAsync(cancel);
        if (env is null)
        {
            return new EnvResult.NotFound();
        }

        if (!standing.Allows(Permission.EditEnv))
        {
            return new EnvResult.Forbidden($"This needs {Access.Needs(Permission.EditEnv)}.");
        }

        List<FieldError> errors = [.. SelectorErrors(nodeSelector), .. TolerationErrors(tolerations)];
        if (errors.Count > 0)
        {
            return new EnvResult.Invalid(errors);
        }

        if (seen is not null && !seen.IsOf(env))
        {
            return new EnvResult.Conflict(EnvPlacement.Of(env));
        }

        if (Changed(env, nodeSelector, tolerations) is not { } what)
        {
            return new EnvResult.Saved(Reinstalled: 0);
        }

        (env.NodeSelector, env.Tolerations) = (nodeSelector ?? env.NodeSelector, tolerations ?? env.Tolerations);
        var deployments = await (
            from deployment in db.Deployments
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where cluster.EnvId == envId && deployment.Enabled && deployment.DeletedAt == null
            select deployment.Id).ToListAsync(cancel);
        await TaskQueue.ReinstallAsync(db, deployments, $"env {what} changed", actor, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new EnvResult.Saved(deployments.Count);
    }

    private static string? Changed(Env env, JsonObject? nodeSelector, JsonArray? tolerations)
    {
        var selector = nodeSelector is not null && !JsonNode.DeepEquals(env.NodeSelector, nodeSelector);
        var tolerates = tolerations is not null && !JsonNode.DeepEquals(env.Tolerations, tolerations);
        return (selector, tolerates) switch
        {
            (true, true) => "node selector and tolerations",
            (true, _) => "node selector",
            (_, true) => "tolerations",
            _ => null,
        };
    }

    private static IEnumerable<FieldError> SelectorErrors(JsonObject? selector) =>
        (selector ?? []).Any(pair => pair.Value is not JsonValue value || value.GetValueKind() is not System.Text.Json.JsonValueKind.String)
            ? [new FieldError("node_selector", "A node selector is a map of labels to texts.")]
            : SizeErrors("node_selector", selector);

    private static IEnumerable<FieldError> TolerationErrors(JsonArray? tolerations) =>
        (tolerations ?? []).Any(item => item is not JsonObject)
            ? [new FieldError("tolerations", "Tolerations are a list of objects, as in a pod's spec.")]
            : SizeErrors("tolerations", tolerations);

    private static IEnumerable<FieldError> SizeErrors(string field, JsonNode? json) => json?.ToJsonString() switch
    {
        { Length: > MaxJson } => [new FieldError(field, $"This is too large: at most {MaxJson / 1024} KiB.")],
        { } text when text.Contains("\\u0000", StringComparison.Ordinal) =>
            [new FieldError(field, "A NUL character cannot be stored.")],
        _ => [],
    };
}

/// <summary>Where the pods of an env may run, as somebody saw it.</summary>
public sealed record EnvPlacement(JsonObject NodeSelector, JsonArray Tolerations)
{
    public static EnvPlacement Of(Env env) =>
        new(env.NodeSelector.DeepClone().AsObject(), env.Tolerations.DeepClone().AsArray());

    internal bool IsOf(Env env) =>
        JsonNode.DeepEquals(NodeSelector, env.NodeSelector) && JsonNode.DeepEquals(Tolerations, env.Tolerations);
}

/// <summary>What came of a command on an env.</summary>
public abstract record EnvResult
{
    /// <param name="Reinstalled">How many deployments follow.</param>
    public sealed record Saved(int Reinstalled) : EnvResult;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : EnvResult;

    /// <summary>Somebody else has changed it meanwhile.</summary>
    public sealed record Conflict(EnvPlacement Theirs) : EnvResult;

    public sealed record Forbidden(string Message) : EnvResult;

    public sealed record NotFound : EnvResult;
}
