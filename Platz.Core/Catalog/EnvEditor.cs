using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Catalog;

/// <summary>
/// What an env is, and where its pods may run. A change of the latter reinstalls all its enabled deployments, in the same
/// transaction.
/// </summary>
public sealed class EnvEditor(IDbContextFactory<PlatzDb> databases)
{
    private const int MaxJson = 16 * 1024;

    /// <param name="seen">What the caller saw before: a save over another change is refused. Null asks for no such care.</param>
    /// <returns>Saved with the number of deployments that follow; zero when nothing differs.</returns>
    public Task<EnvResult> PlaceAsync(
        Guid envId, JsonObject? nodeSelector, JsonArray? tolerations, EnvPlacement? seen, Actor actor,
        CancellationToken cancel) =>
        ChangeAsync(envId, new EnvChange { NodeSelector = nodeSelector, Tolerations = tolerations }, seen, actor, cancel);

    /// <inheritdoc cref="PlaceAsync"/>
    public async Task<EnvResult> ChangeAsync(
        Guid envId, EnvChange change, EnvPlacement? seen, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var standing = await Access.OfAsync(db, actor, envId, kindId: null, cancel);

        // Not its key: whoever saves a deployment holds the lock of that, and then names the env in a task.
        var env = standing is Standing.None ? null : await db.Envs
            .FromSql($"SELECT * FROM envs WHERE id = {envId} FOR NO KEY UPDATE").SingleOrDefaultAsync(cancel);
        if (env is null)
        {
            return new EnvResult.NotFound();
        }

        if (!db.Admits(actor, standing, Permission.EditEnv, envId))
        {
            return new EnvResult.Forbidden($"This needs {Access.Needs(Permission.EditEnv)}.");
        }

        if (seen is not null && !seen.IsOf(env))
        {
            return new EnvResult.Conflict(EnvPlacement.Of(env));
        }

        var before = EnvBefore.Of(env);
        List<FieldError> errors = [.. SelectorErrors(change.NodeSelector), .. TolerationErrors(change.Tolerations)];
        errors.AddRange(EnvRegister.Rename(env, change.Name, change.AutoAddNewUsers) is { } error ? [error] : []);
        if (errors.Count > 0)
        {
            return new EnvResult.Invalid(errors);
        }

        try
        {
            var reinstalled = await MoveAsync(db, env, change, actor, cancel);
            await db.SaveChangesAsync(cancel);
            foreach (var entry in before.Changes(env, actor))
            {
                await AuditLog.AppendAsync(db, entry, cancel);
            }

            await transaction.CommitAsync(cancel);
            return new EnvResult.Saved(reinstalled);
        }
        catch (DbUpdateException e) when (EnvRegister.IsTaken(e))
        {
            return new EnvResult.Invalid([EnvRegister.Taken]);
        }
    }

    /// <returns>How many deployments follow.</returns>
    private static async Task<int> MoveAsync(
        PlatzDb db, Env env, EnvChange change, Actor actor, CancellationToken cancel)
    {
        if (Changed(env, change.NodeSelector, change.Tolerations) is not { } what)
        {
            return 0;
        }

        env.NodeSelector = change.NodeSelector ?? env.NodeSelector;
        env.Tolerations = change.Tolerations ?? env.Tolerations;
        var deployments = await (
            from deployment in db.Deployments
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where cluster.EnvId == env.Id && deployment.Enabled && deployment.DeletedAt == null
            select deployment.Id).ToListAsync(cancel);
        await TaskQueue.ReinstallAsync(db, deployments, $"env {what} changed", actor, cancel);
        return deployments.Count;
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
        { } text when JsonNul.IsIn(text) =>
            [new FieldError(field, "A NUL character cannot be stored.")],
        _ => [],
    };
}

/// <summary>What to change of an env; null leaves a field as it is.</summary>
public sealed record EnvChange
{
    public string? Name { get; init; }

    /// <summary>Whether who signs in for the first time becomes a User of it.</summary>
    public bool? AutoAddNewUsers { get; init; }

    public JsonObject? NodeSelector { get; init; }

    public JsonArray? Tolerations { get; init; }
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
