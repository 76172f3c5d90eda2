using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Core.Values;

namespace Platz.Core.Deployments;

/// <summary>Changes deployments: the row and its task in one transaction, either both or neither (contract 2.4).</summary>
public sealed class DeploymentEditor(IDbContextFactory<PlatzDb> databases, DeploymentInputs inputs)
{
    public async Task<SaveResult> CreateAsync(NewDeployment wanted, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.LockAsync(db, [wanted.Id], cancel);
        if (await TaskQueue.RepeatedAsync(db, wanted.Id, wanted.IdempotencyKey, cancel) is { } made)
        {
            return SaveResult.Of(wanted.Id, made);
        }

        var kind = await db.Kinds.SingleOrDefaultAsync(k => k.Id == wanted.KindId, cancel);
        if (kind is null)
        {
            return new SaveResult.Invalid("kind_id", "There is no such kind.");
        }

        var deployment = wanted.ToDeployment(kind.Name);
        var checks = await DeploymentChecks.ForAsync(db, deployment, kind, cancel);
        if (await checks.RefusalAsync(actor, [Permission.CreateDeployment], cancel) is { } refusal)
        {
            return refusal is SaveResult.NotFound
                ? new SaveResult.Invalid("cluster_id", "There is no such cluster.")
                : refusal;
        }

        var errors = checks.Errors(chartChosen: true);
        errors.AddRange(await inputs.TakeAsync(db, deployment, checks, wanted.Config, cancel));
        if (errors.Count > 0)
        {
            return new SaveResult.Invalid(errors);
        }

        db.Add(deployment);
        var after = DeploymentState.Of(deployment, Location.Of(deployment));
        var save = new DeploymentSaving(db, checks, actor, wanted.IdempotencyKey);
        return await save.SaveAsync(deployment, DeploymentChange.Between(null, after), after.Location, cancel);
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
        if (await FindAsync(db, id, cancel) is not { } deployment)
        {
            return new SaveResult.NotFound();
        }

        var kind = await db.Kinds.SingleAsync(k => k.Id == deployment.KindId, cancel);
        var old = await DeploymentChecks.ForAsync(db, deployment, kind, cancel);
        var needs = edit.Needs(deployment);
        if (await old.RefusalAsync(actor, needs, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await TaskQueue.RepeatedAsync(db, id, edit.IdempotencyKey, cancel) is { } made)
        {
            return SaveResult.Of(id, made);
        }

        if (Obstacle(deployment, edit) is { } obstacle)
        {
            return obstacle;
        }

        var before = DeploymentState.Of(deployment, await Location.OfReleaseAsync(db, deployment, cancel));
        edit.ApplyTo(deployment, kind.Name);
        var checks = await DeploymentChecks.ForAsync(db, deployment, kind, cancel);
        if (checks.EnvId != old.EnvId
            && await checks.RefusalAsync(actor, needs, cancel) is { } refusedThere)
        {
            return refusedThere is SaveResult.NotFound
                ? new SaveResult.Invalid("cluster_id", "There is no such cluster.")
                : refusedThere;
        }

        return await UpdateAsync(new DeploymentSaving(db, checks, actor, edit.IdempotencyKey), deployment, before, edit, cancel);
    }

    /// <summary>Cancels what waits, uninstalls, and then deletes the deployment softly: its history stays.</summary>
    public Task<SaveResult> DeleteAsync(Guid id, Actor actor, IdempotencyKey? idempotencyKey, CancellationToken cancel) =>
        DeleteAsync(id, version: null, actor, idempotencyKey, cancel);

    /// <inheritdoc cref="DeleteAsync(Guid, Actor, IdempotencyKey?, CancellationToken)"/>
    /// <param name="version">The one that is meant; null for any.</param>
    public async Task<SaveResult> DeleteAsync(
        Guid id, int? version, Actor actor, IdempotencyKey? idempotencyKey, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.LockAsync(db, [id], cancel);
        var repeated = await TaskQueue.RepeatedAsync(db, id, idempotencyKey, cancel);
        if (await FindAsync(db, id, cancel) is not { } deployment)
        {
            return repeated is { } ended ? SaveResult.Of(id, ended) : new SaveResult.NotFound();
        }

        var kind = await db.Kinds.SingleAsync(k => k.Id == deployment.KindId, cancel);
        var checks = await DeploymentChecks.ForAsync(db, deployment, kind, cancel);
        if (await checks.RefusalAsync(actor, [Permission.DeleteDeployment], cancel) is { } refusal)
        {
            return refusal;
        }

        if (repeated is { } made)
        {
            return SaveResult.Of(id, made);
        }

        if (version is not null && version != deployment.Version)
        {
            return SaveResult.Conflict.Stale;
        }

        if (deployment.Status is DeploymentStatus.Deleting)
        {
            return new SaveResult.Conflict("The deployment is being deleted already.");
        }

        if (await checks.DependentsAsync(cancel) is { } dependents)
        {
            return dependents;
        }

        await TaskQueue.CancelWaitingAsync(db, id, actor, "The deployment is being deleted.", cancel);
        await db.Entry(deployment).ReloadAsync(cancel);
        deployment.Status = DeploymentStatus.Deleting;
        var location = await Location.OfReleaseAsync(db, deployment, cancel);
        return await new DeploymentSaving(db, checks, actor, idempotencyKey)
            .SaveAsync(deployment, new Uninstall(), location, cancel);
    }

    private async Task<SaveResult> UpdateAsync(
        DeploymentSaving save, Deployment deployment, DeploymentState before, DeploymentEdit edit, CancellationToken cancel)
    {
        var disables = before.Enabled && !deployment.Enabled;
        if (disables && await save.Checks.DependentsAsync(cancel) is { } dependents)
        {
            return dependents;
        }

        var errors = save.Checks.Errors(edit.HelmChartId is not null);
        if (edit.ChangesWhatRuns)
        {
            // What is switched off may be saved as it is: it is looked at again when it is switched on.
            errors.AddRange(await inputs.TakeAsync(
                save.Db, deployment, save.Checks,
                disables ? edit.Config : edit.Config ?? SensitiveInputs.Mask(deployment.Config)!.AsObject(), cancel));
        }

        if (errors.Count > 0)
        {
            return new SaveResult.Invalid(errors);
        }

        var after = DeploymentState.Of(deployment, Location.Of(deployment));
        var operation = edit.ChangesWhatRuns ? DeploymentChange.Between(before, after) : null;
        return await save.SaveAsync(deployment, operation, operation is Uninstall ? before.Location : after.Location, cancel);
    }

    private static SaveResult.Conflict? Obstacle(Deployment deployment, DeploymentEdit edit) => deployment switch
    {
        _ when edit.Version is { } version && version != deployment.Version =>
            SaveResult.Conflict.Stale,
        { Status: DeploymentStatus.Deleting } => new SaveResult.Conflict("The deployment is being deleted."),
        _ => null,
    };

    /// <summary>Locked, for a runner writes the status of the same row.</summary>
    private static Task<Deployment?> FindAsync(PlatzDb db, Guid id, CancellationToken cancel) =>
        db.Deployments.FromSql($"SELECT * FROM deployments WHERE id = {id} AND deleted_at IS NULL FOR UPDATE")
            .SingleOrDefaultAsync(cancel);
}
