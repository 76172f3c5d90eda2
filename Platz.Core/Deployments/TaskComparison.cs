using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>Two tasks of one deployment, side by side: what the later of the two has changed.</summary>
public sealed class TaskComparison(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>So many tasks are offered to be compared with.</summary>
    public const int MostChoices = 50;

    private static readonly string[] s_kinds = [nameof(Install), nameof(Upgrade), nameof(Reinstall), nameof(Recreate)];

    /// <returns>Null where they are not both tasks of this deployment that the actor may see.</returns>
    public async Task<ComparedTasks?> ReadAsync(
        Guid deploymentId, Guid before, Guid after, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await (
            from d in db.Deployments.AsNoTracking()
            join cluster in db.Clusters on d.ClusterId equals cluster.Id
            where d.Id == deploymentId
            select new { Deployment = d, cluster.EnvId }).SingleOrDefaultAsync(cancel);
        Guid[] ids = [before, after];
        var tasks = await db.Tasks.AsNoTracking().Where(t => t.DeploymentId == deploymentId && ids.Contains(t.Id))
            .ToDictionaryAsync(t => t.Id, cancel);
        var grants = await Access.GrantsAsync(db, actor, cancel);
        if (found is null || !ids.All(tasks.ContainsKey)
            || tasks.Values.Any(t => grants.In(t.EnvId, found.Deployment.KindId) is Standing.None))
        {
            return null;
        }

        var standing = grants.In(found.EnvId, found.Deployment.KindId);
        var (old, now) = (tasks[before].Operation.Installs, tasks[after].Operation.Installs);
        return standing is Standing.None ? null : new ComparedTasks(found.Deployment, standing, tasks[before], tasks[after])
        {
            Difference = old is null || now is null
                ? null
                : await InputsDifference.BetweenAsync(
                    db, old, now, standing.Allows(Permission.ReadValuesOverride), cancel),
        };
    }

    /// <summary>What a task can be compared with: what is installed now, what was before it, and the newest others.</summary>
    /// <param name="olderThan">Of the others; null for all.</param>
    public async Task<ComparisonChoices> ChoicesAsync(
        DeploymentTask task, DateTimeOffset? olderThan, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var current = await db.Deployments.Where(d => d.Id == task.DeploymentId).Select(d => d.RevisionId)
            .SingleOrDefaultAsync(cancel);
        var others = db.Tasks.AsNoTracking()
            .Where(t => t.DeploymentId == task.DeploymentId && s_kinds.Contains(t.OpKind) && t.Id != task.Id)
            .OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id);
        var revisions = others.Where(t => t.Status == DeploymentTaskStatus.Done
            || (t.Status == DeploymentTaskStatus.Canceled && t.Effect == TaskEffect.Complete));
        return new ComparisonChoices(
            await Choices(others.Where(t => t.Id == current)).SingleOrDefaultAsync(cancel),
            await Choices(revisions.Where(t => t.CreatedAt < task.CreatedAt)).FirstOrDefaultAsync(cancel),
            await Choices(others.Where(t => olderThan == null || t.CreatedAt < olderThan).Take(MostChoices))
                .ToListAsync(cancel));
    }

    /// <summary>No inputs, which may be large.</summary>
    private static IQueryable<ComparisonChoice> Choices(IQueryable<DeploymentTask> tasks) =>
        tasks.Select(t => new ComparisonChoice(t.Id, t.OpKind, t.Status, t.ChartVersion, t.ActorName, t.CreatedAt));
}

/// <param name="Standing">What the reader is for the deployment.</param>
public sealed record ComparedTasks(Deployment Deployment, Standing Standing, DeploymentTask Before, DeploymentTask After)
{
    /// <summary>Null where one of them has no inputs for Helm.</summary>
    public InputsDifference? Difference { get; init; }
}

public sealed record ComparisonChoices(
    ComparisonChoice? Current, ComparisonChoice? Previous, IReadOnlyList<ComparisonChoice> Others);

public sealed record ComparisonChoice(
    Guid Id, string OpKind, DeploymentTaskStatus Status, string? ChartVersion, string ActorName, DateTimeOffset CreatedAt);
