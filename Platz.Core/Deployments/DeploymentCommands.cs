using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Core.Values;

namespace Platz.Core.Deployments;

/// <summary>What is done to a deployment without changing it: its chart's actions, and restarts (contract 2.4).</summary>
public sealed class DeploymentCommands(IDbContextFactory<PlatzDb> databases, SensitiveInputs sensitive)
{
    public async Task<SaveResult> InvokeActionAsync(ActionRequest request, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.LockAsync(db, [request.DeploymentId], cancel);
        if (await FindAsync(db, request.DeploymentId, cancel) is not { } found
            || await Access.OfAsync(db, actor, found.Cluster.EnvId, found.Kind.Id, cancel) is var standing
                && !standing.Allows(Permission.See))
        {
            return new SaveResult.NotFound();
        }

        if (await TaskQueue.RepeatedAsync(db, request.DeploymentId, request.IdempotencyKey, cancel) is { } repeated)
        {
            return SaveResult.Of(request.DeploymentId, repeated);
        }

        if (found.Deployment.HelmChartId != request.HelmChartId)
        {
            return new SaveResult.Conflict("The deployment runs another chart version meanwhile. Look at its actions again.");
        }

        var action = ChartSchema.Of(found.Chart).Actions.FirstOrDefault(a => a.Id == request.ActionId);
        if (action is null)
        {
            return new SaveResult.Invalid("operation", $"The chart has no action '{request.ActionId}'.");
        }

        if (!db.Admits(actor, standing, action.Permission, found.Cluster.EnvId))
        {
            return new SaveResult.Forbidden(action.Permission);
        }

        if (action.Obstacle(found.Deployment) is { } obstacle)
        {
            return new SaveResult.Conflict(obstacle);
        }

        var (body, errors) = await BodyAsync(db, found, action, request.Body, cancel);
        if (errors.Count > 0)
        {
            return new SaveResult.Invalid(errors);
        }

        var operation = new InvokeAction(request.HelmChartId, request.ActionId, body);
        return await EnqueueAsync(db, found, operation, actor, request, cancel);
    }

    public async Task<SaveResult> RestartAsync(RestartRequest request, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.LockAsync(db, [request.DeploymentId], cancel);
        if (await FindAsync(db, request.DeploymentId, cancel) is not { } found
            || await Access.OfAsync(db, actor, found.Cluster.EnvId, found.Kind.Id, cancel) is var standing
                && !standing.Allows(Permission.See))
        {
            return new SaveResult.NotFound();
        }

        if (!db.Admits(actor, standing, Permission.RestartResource, found.Cluster.EnvId))
        {
            return new SaveResult.Forbidden(Permission.RestartResource);
        }

        if (await TaskQueue.RepeatedAsync(db, request.DeploymentId, request.IdempotencyKey, cancel) is { } repeated)
        {
            return SaveResult.Of(request.DeploymentId, repeated);
        }

        var resource = await db.K8sResources.SingleOrDefaultAsync(
            r => r.Id == request.ResourceId && r.DeploymentId == request.DeploymentId, cancel);
        return resource switch
        {
            null => new SaveResult.NotFound(),
            _ when resource.Name != request.ResourceName =>
                new SaveResult.Invalid("operation", $"That resource is {resource.Name}, not {request.ResourceName}."),
            { Kind: not ("Deployment" or "StatefulSet" or "Pod") } =>
                new SaveResult.Invalid("operation", $"A {resource.Kind} cannot be restarted."),
            _ => await EnqueueAsync(
                db, found, new RestartK8sResource(resource.Id, resource.Name, resource.Kind), actor, request, cancel),
        };
    }

    private async Task<(JsonObject, IReadOnlyList<FieldError>)> BodyAsync(
        PlatzDb db, Found found, ChartAction action, JsonObject typed, CancellationToken cancel)
    {
        if (DeploymentChecks.JsonError(typed.ToJsonString()) is { } problem)
        {
            return (typed, [new FieldError("operation", problem)]);
        }

        var form = action.Form ?? ValuesUi.Empty;
        var (body, errors) = sensitive.Seal(form, found.Deployment.Id, typed, stored: null);
        errors = [.. errors, .. InputCheck.Errors(form, typed)];
        return errors.Count > 0
            ? (body, errors)
            : (body, await Collections.CheckAsync(db, found.Cluster.EnvId!.Value, self: null, form, typed, cancel));
    }

    private static async Task<SaveResult> EnqueueAsync(
        PlatzDb db, Found found, Operation operation, Actor actor, CommandRequest request, CancellationToken cancel)
    {
        var (deployment, kind, cluster, chart) = found;
        if (deployment is { Enabled: false } or { Status: DeploymentStatus.Deleting })
        {
            return new SaveResult.Conflict("The deployment is not installed.");
        }

        var id = await TaskQueue.EnqueueAsync(
            db,
            new NewTask
            {
                DeploymentId = deployment.Id,
                EnvId = cluster.EnvId!.Value,
                ClusterId = cluster.Id,
                Operation = operation,
                Actor = actor,
                KindName = kind.Name,
                DeploymentName = deployment.Name,
                ClusterName = cluster.Name,
                Namespace = deployment.Namespace,
                ChartVersion = chart.ImageTag,
                ExecuteAt = request.ExecuteAt,
                IdempotencyKey = request.IdempotencyKey,
            },
            cancel);
        await db.Database.CurrentTransaction!.CommitAsync(cancel);
        return new SaveResult.Saved(deployment.Id, id);
    }

    private static Task<Found?> FindAsync(PlatzDb db, Guid id, CancellationToken cancel) => (
        from deployment in db.Deployments
        join kind in db.Kinds on deployment.KindId equals kind.Id
        join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
        join chart in db.Charts on deployment.HelmChartId equals chart.Id
        where deployment.Id == id && deployment.DeletedAt == null && cluster.EnvId != null
        select new Found(deployment, kind, cluster, chart)).AsNoTracking().SingleOrDefaultAsync(cancel);

    private sealed record Found(Deployment Deployment, Kind Kind, Cluster Cluster, Chart Chart);
}

public abstract record CommandRequest
{
    public required Guid DeploymentId { get; init; }

    /// <summary>Not before this time; null or a past time: at once.</summary>
    public DateTimeOffset? ExecuteAt { get; init; }

    public IdempotencyKey? IdempotencyKey { get; init; }
}

/// <param name="HelmChartId">The chart whose actions the caller saw; another one meanwhile is a conflict.</param>
/// <param name="Body">The inputs as typed.</param>
public sealed record ActionRequest(Guid HelmChartId, string ActionId, JsonObject Body) : CommandRequest;

/// <param name="ResourceId">The object's uid.</param>
/// <param name="ResourceName">To be sure that both mean the same.</param>
public sealed record RestartRequest(Guid ResourceId, string ResourceName) : CommandRequest;
