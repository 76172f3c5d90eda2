using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>Changes deployments: the row and its task in one transaction, either both or neither (contract 2.4).</summary>
public sealed class DeploymentEditor(IDbContextFactory<PlatzDb> databases)
{
    public async Task<SaveResult> CreateAsync(NewDeployment wanted, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.LockAsync(db, [wanted.Id], cancel);
        if (await ExistingAsync(db, wanted.Id, wanted.IdempotencyKey, cancel) is { } existing)
        {
            return existing;
        }

        var kind = await db.Kinds.SingleOrDefaultAsync(k => k.Id == wanted.KindId, cancel);
        if (kind is null)
        {
            return new SaveResult.Invalid("kind_id", "There is no such kind.");
        }

        var deployment = new Deployment
        {
            Id = wanted.Id,
            Name = wanted.Name,
            KindId = wanted.KindId,
            ClusterId = wanted.ClusterId,
            Namespace = Location.Namespace(kind.Name, wanted.Name),
            HelmChartId = wanted.HelmChartId,
            Config = wanted.Config,
            ValuesOverride = wanted.ValuesOverride,
            DescriptionMd = wanted.DescriptionMd,
        };
        var checks = await DeploymentChecks.ForAsync(db, deployment, kind, cancel);
        if (checks.Errors(wanted.Name, chartChosen: true) is { Count: > 0 } errors)
        {
            return new SaveResult.Invalid(errors);
        }

        db.Add(deployment);
        var operation = DeploymentChange.Between(null, DeploymentState.Of(deployment));
        return await SaveAsync(db, deployment, checks, operation, actor, wanted.IdempotencyKey, cancel);
    }

    public async Task<SaveResult> UpdateAsync(Guid id, DeploymentEdit edit, Actor actor, CancellationToken cancel)
    {
        if (edit.ChangesNothing)
        {
            return new SaveResult.Invalid("", "Nothing to change was given.");
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.LockAsync(db, [id], cancel);
        if (await ExistingAsync(db, id, edit.IdempotencyKey, cancel) is { } existing)
        {
            return existing;
        }

        if (await FindAsync(db, id, cancel) is not { } deployment)
        {
            return new SaveResult.NotFound();
        }

        if (Obstacle(deployment, edit) is { } obstacle)
        {
            return obstacle;
        }

        var before = DeploymentState.Of(deployment);
        Apply(edit, deployment);
        var kind = await db.Kinds.SingleAsync(k => k.Id == deployment.KindId, cancel);
        var checks = await DeploymentChecks.ForAsync(db, deployment, kind, cancel);
        if (checks.Errors(deployment.Name, edit.HelmChartId is not null) is { Count: > 0 } errors)
        {
            return new SaveResult.Invalid(errors);
        }

        if (before.Enabled && !deployment.Enabled && await checks.DependentsAsync(cancel) is { } dependents)
        {
            return dependents;
        }

        var operation = edit.ChangesWhatRuns
            ? DeploymentChange.Between(before, DeploymentState.Of(deployment))
            : null;
        return await SaveAsync(db, deployment, checks, operation, actor, edit.IdempotencyKey, cancel);
    }

    /// <summary>Cancels what waits, uninstalls, and then deletes the deployment softly: its history stays.</summary>
    public async Task<SaveResult> DeleteAsync(
        Guid id, Actor actor, string? idempotencyKey, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.LockAsync(db, [id], cancel);
        if (await ExistingAsync(db, id, idempotencyKey, cancel) is { } existing)
        {
            return existing;
        }

        if (await FindAsync(db, id, cancel) is not { } deployment)
        {
            return new SaveResult.NotFound();
        }

        if (deployment.Status is DeploymentStatus.Deleting)
        {
            return new SaveResult.Conflict("The deployment is being deleted already.");
        }

        var kind = await db.Kinds.SingleAsync(k => k.Id == deployment.KindId, cancel);
        var checks = await DeploymentChecks.ForAsync(db, deployment, kind, cancel);
        if (await checks.DependentsAsync(cancel) is { } dependents)
        {
            return dependents;
        }

        var waiting = await db.Set<QueuedTask>()
            .Where(q => q.DeploymentId == id && q.State != QueueState.Started).Select(q => q.TaskId).ToListAsync(cancel);
        foreach (var task in waiting)
        {
            await TaskQueue.CancelAsync(db, task, actor, "The deployment is being deleted.", cancel);
        }

        await db.Entry(deployment).ReloadAsync(cancel);
        deployment.Status = DeploymentStatus.Deleting;
        return await SaveAsync(db, deployment, checks, new Uninstall(), actor, idempotencyKey, cancel);
    }

    private static async Task<SaveResult> SaveAsync(
        PlatzDb db, Deployment deployment, DeploymentChecks checks, Operation? operation, Actor actor,
        string? idempotencyKey, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException
        {
            ConstraintName: DeploymentMapping.OneNamespace
        })
        {
            return new SaveResult.Conflict(
                $"There is already a deployment with this name on {checks.ClusterName}.", "name");
        }

        Guid? taskId = operation is null ? null : await TaskQueue.EnqueueAsync(
            db, checks.Task(deployment, operation, actor, idempotencyKey), cancel);
        await db.Database.CurrentTransaction!.CommitAsync(cancel);
        return new SaveResult.Saved(deployment.Id, taskId);
    }

    private static SaveResult? Obstacle(Deployment deployment, DeploymentEdit edit)
    {
        if (edit.Version is { } version && version != deployment.Version)
        {
            return new SaveResult.Conflict("Somebody else has changed this deployment meanwhile.");
        }

        if (deployment.Status is DeploymentStatus.Deleting)
        {
            return new SaveResult.Conflict("The deployment is being deleted.");
        }

        // Moving and renaming come with Recreate, which takes both places; until then a deployment stays where it is.
        return (edit.Name ?? deployment.Name, edit.ClusterId ?? deployment.ClusterId) switch
        {
            var (name, _) when name != deployment.Name =>
                new SaveResult.Invalid("name", "A deployment keeps its name."),
            var (_, cluster) when cluster != deployment.ClusterId =>
                new SaveResult.Invalid("cluster_id", "A deployment stays on its cluster."),
            _ => null,
        };
    }

    private static void Apply(DeploymentEdit edit, Deployment deployment)
    {
        deployment.HelmChartId = edit.HelmChartId ?? deployment.HelmChartId;
        deployment.Config = edit.Config ?? deployment.Config;
        deployment.ValuesOverride = edit.ValuesOverride ?? deployment.ValuesOverride;
        deployment.Enabled = edit.Enabled ?? deployment.Enabled;
        deployment.DescriptionMd = edit.DescriptionMd ?? deployment.DescriptionMd;
        deployment.Version++;
    }

    /// <summary>Locked, for a runner writes the status of the same row.</summary>
    private static Task<Deployment?> FindAsync(PlatzDb db, Guid id, CancellationToken cancel) =>
        db.Deployments.FromSql($"SELECT * FROM deployments WHERE id = {id} AND deleted_at IS NULL FOR UPDATE")
            .SingleOrDefaultAsync(cancel);

    /// <summary>What an earlier request with the same key came to.</summary>
    private static async Task<SaveResult.Saved?> ExistingAsync(
        PlatzDb db, Guid deploymentId, string? key, CancellationToken cancel) =>
        key is not null && await db.Tasks.Where(t => t.DeploymentId == deploymentId && t.IdempotencyKey == key)
            .Select(t => (Guid?)t.Id).SingleOrDefaultAsync(cancel) is { } taskId
            ? new SaveResult.Saved(deploymentId, taskId)
            : null;
}
