using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>Cancels all tasks that a filter lets through and that have not started; on request also asks those that run.</summary>
public sealed class BulkCancellation(IDbContextFactory<PlatzDb> databases, TaskQueue queue, TimeProvider clock)
{
    /// <summary>Of one call: whoever has more to cancel calls again.</summary>
    public const int Most = 1_000;

    /// <summary>How many there are now.</summary>
    public async Task<BulkCount> CountAsync(TaskFilter filter, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, actor, cancel);
        var found = await FoundAsync(db, filter, grants, cancel);
        var me = actor.Id;
        var groups = await (
            from task in found
            join deployment in db.Deployments on task.DeploymentId equals deployment.Id
            group task by new
            {
                task.Status,
                task.EnvId,
                deployment.KindId,
                IsOwn = task.ActingUserId == me || task.ActingBotId == me || task.ActingDeploymentId == me,
            }
            into same
            select new { same.Key, Count = same.Count() }).ToListAsync(cancel);
        var may = groups.ToLookup(group => group.Key.IsOwn
            || grants.In(group.Key.EnvId, group.Key.KindId).Allows(Permission.CancelTask));
        return new BulkCount(
            may[true].Where(group => group.Key.Status is DeploymentTaskStatus.Pending).Sum(group => group.Count),
            may[true].Where(group => group.Key.Status is DeploymentTaskStatus.Started).Sum(group => group.Count),
            may[false].Sum(group => group.Count));
    }

    /// <summary>
    /// Each by itself, the last of each line first: else the next one would start while it is its turn to be canceled.
    /// </summary>
    /// <param name="progress">Told how many have been dealt with, and of how many.</param>
    public async Task<BulkOutcome> CancelAsync(
        TaskFilter filter, BulkRequest request, Actor actor, Action<int, int> progress, CancellationToken cancel)
    {
        var (ids, left) = await IdsAsync(filter, request.AlsoStarted, actor, cancel);
        var outcomes = new List<CancelOutcome>();
        foreach (var id in ids)
        {
            outcomes.Add(request.AlsoStarted
                ? await queue.CancelAsync(id, actor, request.Reason, cancel)
                : await queue.CancelPendingAsync(id, actor, request.Reason, cancel));
            progress(outcomes.Count, ids.Count);
        }

        return new BulkOutcome(outcomes.CountBy(outcome => outcome).ToDictionary(), left);
    }

    private async Task<(List<Guid> Ids, int Left)> IdsAsync(
        TaskFilter filter, bool alsoStarted, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await FoundAsync(db, filter, await Access.GrantsAsync(db, actor, cancel), cancel);
        if (!alsoStarted)
        {
            found = found.Where(t => t.Status == DeploymentTaskStatus.Pending);
        }

        var total = await found.CountAsync(cancel);
        var ids = await found.OrderByDescending(t => t.ExecuteAt).ThenByDescending(t => t.CreatedAt)
            .ThenByDescending(t => t.Id).Take(Most).Select(t => t.Id).ToListAsync(cancel);
        return (ids, total - ids.Count);
    }

    /// <summary>From the queue, which is small: history beyond it is never read.</summary>
    private async Task<IQueryable<DeploymentTask>> FoundAsync(
        PlatzDb db, TaskFilter filter, Grants grants, CancellationToken cancel)
    {
        var live = await new TaskPaths(db).LiveAsync(filter, clock.GetUtcNow(), cancel);
        return grants.Visible is { } envs ? live.Where(t => envs.Contains(t.EnvId)) : live;
    }
}

/// <summary>What could be canceled.</summary>
/// <param name="NotYours">Those of others, which one may see but not cancel.</param>
public sealed record BulkCount(int Pending, int Started, int NotYours);

/// <param name="AlsoStarted">Whether those that run are asked to stop; else they go on.</param>
public sealed record BulkRequest(bool AlsoStarted, string? Reason);

/// <param name="Left">How many more there were than one call deals with.</param>
public sealed record BulkOutcome(IReadOnlyDictionary<CancelOutcome, int> Counts, int Left)
{
    public int Of(CancelOutcome outcome) => Counts.GetValueOrDefault(outcome);
}
