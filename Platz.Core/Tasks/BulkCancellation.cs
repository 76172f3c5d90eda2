using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>Cancels all tasks that a filter lets through and that have not started; on request also asks those that run.</summary>
public sealed class BulkCancellation(IDbContextFactory<PlatzDb> databases, TaskQueue queue, TimeProvider clock)
{
    /// <summary>Of one call: whoever has more to cancel calls again.</summary>
    public const int Most = 1_000;

    /// <summary>The filter as it is now: what is queued later is not among what was asked about.</summary>
    public async Task<TaskFilter> UntilNowAsync(TaskFilter filter, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = await db.Database.SqlQueryRaw<DateTimeOffset>("""SELECT clock_timestamp() AS "Value" """).SingleAsync(cancel);
        return filter.CreatedTo < now ? filter : filter with { CreatedTo = now };
    }

    /// <summary>How many there are now.</summary>
    public async Task<BulkCount> CountAsync(TaskFilter filter, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, actor, cancel);
        var found = await FoundAsync(db, filter, grants, actor, cancel);
        return new BulkCount(
            found.Count(task => task.IsYours && task.Status is DeploymentTaskStatus.Pending),
            found.Count(task => task.IsYours && task.Status is DeploymentTaskStatus.Started),
            found.Count(task => !task.IsYours));
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
        var found = await FoundAsync(db, filter, await Access.GrantsAsync(db, actor, cancel), actor, cancel);
        var yours = found.FindAll(
            task => task.IsYours && (alsoStarted || task.Status is DeploymentTaskStatus.Pending));
        return ([.. yours.Take(Most).Select(task => task.Id)], Math.Max(0, yours.Count - Most));
    }

    /// <summary>The latest first; from the queue, which is small: history beyond it is never read.</summary>
    private async Task<List<Found>> FoundAsync(
        PlatzDb db, TaskFilter filter, Grants grants, Actor actor, CancellationToken cancel)
    {
        var live = await new TaskPaths(db).LiveAsync(filter, clock.GetUtcNow(), cancel);
        var (envs, me) = (grants.Visible, actor.Id);
        var rows = await (
            from task in live
            join deployment in db.Deployments on task.DeploymentId equals deployment.Id
            where envs == null || envs.Contains(task.EnvId)
            orderby task.ExecuteAt descending, task.CreatedAt descending, task.Id descending
            select new
            {
                task.Id,
                task.Status,
                task.EnvId,
                deployment.KindId,
                IsOwn = task.ActingUserId == me || task.ActingBotId == me || task.ActingDeploymentId == me,
            }).ToListAsync(cancel);
        return rows.ConvertAll(row => new Found(
            row.Id, row.Status, row.IsOwn || grants.In(row.EnvId, row.KindId).Allows(Permission.CancelTask)));
    }

    /// <param name="IsYours">To cancel.</param>
    private sealed record Found(Guid Id, DeploymentTaskStatus Status, bool IsYours);
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
