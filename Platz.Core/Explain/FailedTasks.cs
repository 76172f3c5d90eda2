using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;

namespace Platz.Core.Explain;

/// <summary>Explains failed tasks with the help of their logs, of which it reads the end.</summary>
public sealed class FailedTasks(IDbContextFactory<PlatzDb> databases, TaskLog log)
{
    private const int RecentTasks = 20;

    /// <summary>Null where nothing is known about the failure.</summary>
    public async Task<FailureExplanation?> ExplainAsync(Guid taskId, string? reason, CancellationToken cancel)
    {
        var tail = await log.TailAsync(taskId, FailureExplainer.MostLines, cancel);
        return FailureExplainer.Explain(reason, tail.Lines);
    }

    /// <summary>The recent task by whose failure a deployment came to be in Error.</summary>
    public async Task<Guid?> CulpritAsync(Deployment deployment, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var recent = await db.Tasks.AsNoTracking()
            .Where(t => t.DeploymentId == deployment.Id)
            .OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id)
            .Take(RecentTasks)
            .Select(t => new { t.Id, IsIt = t.Status == DeploymentTaskStatus.Failed && t.Reason == deployment.Reason })
            .ToListAsync(cancel);
        return recent.FirstOrDefault(t => t.IsIt)?.Id;
    }
}
