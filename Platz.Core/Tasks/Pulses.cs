using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>Whether something runs or has failed: small reads, for what is looked at while the page itself is not.</summary>
public sealed class Pulses(IDbContextFactory<PlatzDb> databases)
{
    /// <returns>Null when there is no such task.</returns>
    public async Task<TaskState?> OfTaskAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Tasks.Where(t => t.Id == id)
            .Select(t => new TaskState(t.Status, t.CancelRequestedAt != null)).SingleOrDefaultAsync(cancel);
    }

    public async Task<Pulse> OfDeploymentAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await db.Deployments.Where(d => d.Id == id && d.DeletedAt == null).Select(d => new
        {
            d.Status,
            Runs = Started(db).Any(q => q.DeploymentId == id),
        }).SingleOrDefaultAsync(cancel);
        return found switch
        {
            { Runs: true } => Pulse.Running,
            { Status: DeploymentStatus.Error } => Pulse.Failed,
            _ => Pulse.Calm,
        };
    }

    /// <param name="kindId">Null for all kinds.</param>
    public async Task<Pulse> OfEnvAsync(Guid envId, Guid? kindId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var running = from queued in Started(db)
                      join task in db.Tasks on queued.TaskId equals task.Id
                      join deployment in db.Deployments on task.DeploymentId equals deployment.Id
                      where task.EnvId == envId && (kindId == null || deployment.KindId == kindId)
                      select task.Id;
        return await running.AnyAsync(cancel) ? Pulse.Running : Pulse.Calm;
    }

    /// <summary>Of all envs that the reader may see.</summary>
    public async Task<Pulse> OfAllAsync(Actor reader, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var visible = (await Access.GrantsAsync(db, reader, cancel)).Visible;
        var running = from queued in Started(db)
                      join task in db.Tasks on queued.TaskId equals task.Id
                      where visible == null || visible.Contains(task.EnvId)
                      select task.Id;
        return await running.AnyAsync(cancel) ? Pulse.Running : Pulse.Calm;
    }

    private static IQueryable<QueuedTask> Started(PlatzDb db) =>
        db.Set<QueuedTask>().Where(queued => queued.State == QueueState.Started);
}

/// <param name="CancelRequested">Somebody wants it canceled.</param>
public sealed record TaskState(DeploymentTaskStatus Status, bool CancelRequested)
{
    public Pulse Pulse => Status switch
    {
        DeploymentTaskStatus.Started => Pulse.Running,
        DeploymentTaskStatus.Failed => Pulse.Failed,
        _ => Pulse.Calm,
    };
}
