using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>
/// Retry and rollback (contract 2.4): a new task with what an earlier one had. Where it installs something, that is
/// written back to the deployment, so that what is installed is what the deployment says: in the same transaction, or
/// where it waits for a time, when it starts (<see cref="ScheduledInputs"/>).
/// </summary>
public sealed class TaskRepeats(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    /// <summary>Does a failed or canceled task again, now or at <see cref="RepeatRequest.ExecuteAt"/>.</summary>
    public Task<SaveResult> RetryAsync(RepeatRequest request, Actor actor, CancellationToken cancel) =>
        RepeatAsync(Repeat.Retry, request, actor, cancel);

    /// <summary>Upgrades to what a task that succeeded has installed.</summary>
    public Task<SaveResult> RollBackAsync(RepeatRequest request, Actor actor, CancellationToken cancel) =>
        RepeatAsync(Repeat.Rollback, request, actor, cancel);

    /// <summary>What it would come to, and why it is refused if it is.</summary>
    /// <returns>Null where there is no such task for this actor.</returns>
    public async Task<RepeatPreview?> PreviewAsync(Repeat repeat, Guid taskId, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await RepeatSource.ReadAsync(db, taskId, forUpdate: false, cancel) is not { } source)
        {
            return null;
        }

        var plan = Plan(repeat, source);
        var rights = await RepeatRights.OfAsync(db, source, plan, actor, cancel);
        if (rights.Sees is false)
        {
            return null;
        }

        var (version, key) = (source.Deployment.Version, await KeyAsync(db, repeat, source, cancel));
        return new RepeatPreview(source.Task, version, key)
        {
            MadeAlready = (await TaskQueue.RepeatedAsync(db, source.Deployment.Id, key, cancel))?.Id,
            Inputs = plan.Inputs,
            Difference = plan.Inputs is { } inputs
                ? await InputsDifference.BetweenAsync(db, source.Now, inputs, rights.ReadsOverride, cancel)
                : null,
            Refusal = rights.Refusal(source, plan) ?? Obstacle(plan)
                ?? (await ApplyAsync(db, source, plan, cancel)).Conflict, // to a copy that is never saved
        };
    }

    private async Task<SaveResult> RepeatAsync(
        Repeat repeat, RepeatRequest request, Actor actor, CancellationToken cancel)
    {
        if (request.Error is { } error)
        {
            return new SaveResult.Invalid([error]);
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await LockAsync(db, request.TaskId, cancel) is not { } source)
        {
            return new SaveResult.NotFound();
        }

        var plan = Plan(repeat, source);
        var rights = await RepeatRights.OfAsync(db, source, plan, actor, cancel);
        if (rights.Refusal(db, actor, source, plan) is { } refusal)
        {
            return refusal;
        }

        var key = request.IdempotencyKey ?? await KeyAsync(db, repeat, source, cancel);
        if (await TaskQueue.RepeatedAsync(db, source.Deployment.Id, key, cancel) is { } made)
        {
            return SaveResult.Of(source.Deployment.Id, made);
        }

        if (request.Version is { } seen && seen != source.Deployment.Version && plan.Inputs is not null)
        {
            return SaveResult.Conflict.Stale;
        }

        if (Obstacle(plan) is { } obstacle)
        {
            return obstacle;
        }

        var (checks, conflict) = await ApplyAsync(db, source, plan, cancel);
        if (request.ExecuteAt > clock.GetUtcNow())
        {
            db.ChangeTracker.Clear(); // checked now, written when it starts
        }

        return conflict ?? await new DeploymentSaving(db, checks, actor, key)
        {
            Origin = repeat is Repeat.Retry
                ? new TaskOrigin(request.TaskId, RollbackOf: null, request.ExecuteAt, request.Words)
                : new TaskOrigin(RetryOf: null, request.TaskId, request.ExecuteAt, request.Words),
        }.SaveAsync(source.Deployment, plan.Operation, plan.Place, cancel);
    }

    private static RepeatPlan Plan(Repeat repeat, RepeatSource source) =>
        repeat is Repeat.Retry ? RetryRules.Plan(source) : RollbackRules.Plan(source);

    private static SaveResult.Conflict? Obstacle(RepeatPlan plan) =>
        plan.Obstacle is { } obstacle ? new SaveResult.Conflict(obstacle) : null;

    /// <summary>With the deployment locked before anything of it is read.</summary>
    private static async Task<RepeatSource?> LockAsync(PlatzDb db, Guid taskId, CancellationToken cancel)
    {
        var deployment = await db.Tasks.Where(t => t.Id == taskId).Select(t => (Guid?)t.DeploymentId)
            .SingleOrDefaultAsync(cancel);
        if (deployment is not { } id)
        {
            return null;
        }

        await TaskQueue.LockAsync(db, [id], cancel);
        return await RepeatSource.ReadAsync(db, taskId, forUpdate: true, cancel);
    }

    /// <summary>
    /// One retry of a task at a time: the key changes only when a retry has ended, and so whoever asks meanwhile gets
    /// the one there is. So with a rollback, for each state of the deployment that somebody has looked at.
    /// </summary>
    private static async Task<IdempotencyKey> KeyAsync(
        PlatzDb db, Repeat repeat, RepeatSource source, CancellationToken cancel)
    {
        var task = source.Task;
        var ended = await db.Tasks.CountAsync(
            t => t.DeploymentId == task.DeploymentId && t.CreatedAt >= task.CreatedAt && t.FinishedAt != null
                && (repeat == Repeat.Retry ? t.RetryOfTaskId : t.RollbackOfTaskId) == task.Id,
            cancel);
        return new IdempotencyKey(repeat is Repeat.Retry
            ? $"retry:{task.Id}:{ended}"
            : $"rollback:{task.Id}:{source.Deployment.Version}:{ended}");
    }

    /// <summary>Puts chart, config and override back as the task had them, and checks that they still hold.</summary>
    private static async Task<(DeploymentChecks Checks, SaveResult.Conflict? Conflict)> ApplyAsync(
        PlatzDb db, RepeatSource source, RepeatPlan plan, CancellationToken cancel)
    {
        var deployment = source.Deployment;
        if (plan.Inputs is { } inputs)
        {
            deployment.TakeBack(inputs);
        }

        var checks = await DeploymentChecks.ForAsync(db, deployment, source.Kind, cancel);
        var errors = checks.Errors(chartChosen: plan.Inputs is not null);
        if (errors.Count == 0 && plan.Inputs is not null)
        {
            errors.AddRange(await DeploymentInputs.TakeBackAsync(
                db, deployment, checks, plan.Inputs.ConfigInputs, cancel));
        }

        return errors is [var first, ..]
            ? (checks, new SaveResult.Conflict(first.Message))
            : (checks, plan.Operation is Uninstall ? await checks.DependentsAsync(cancel) : null);
    }
}
