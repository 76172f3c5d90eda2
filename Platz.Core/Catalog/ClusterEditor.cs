using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>What a site admin may change of clusters; where they are and how they are reached comes from elsewhere.</summary>
public sealed class ClusterEditor(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    /// <param name="seen">What the caller saw before: a save over another change is refused. Null asks for no such care.</param>
    public Task<SettingResult> UpdateAsync(
        Guid id, ClusterSettings wanted, ClusterSettings? seen, Actor actor, CancellationToken cancel) =>
        ChangeAsync(id, _ => wanted, seen, actor, cancel);

    /// <inheritdoc cref="UpdateAsync"/>
    /// <param name="change">Of what the settings are by then, for whoever gives a part of them.</param>
    public async Task<SettingResult> ChangeAsync(
        Guid id, Func<ClusterSettings, ClusterSettings> change, ClusterSettings? seen, Actor actor,
        CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await FindAsync(db, id, cancel) is not { } cluster)
        {
            return new SettingResult.NotFound();
        }

        var now = ClusterSettings.Of(cluster);
        var trimmed = change(now).Trimmed();
        if (trimmed.Errors() is { Count: > 0 } errors)
        {
            return new SettingResult.Invalid(errors);
        }

        if (seen is not null && seen != now)
        {
            return new SettingResult.Conflict("Somebody else has changed this cluster since you opened it.");
        }

        if (trimmed.EnvId != now.EnvId && await MoveErrorAsync(db, cluster, trimmed.EnvId, cancel) is { } error)
        {
            return new SettingResult.Invalid("env_id", error);
        }

        trimmed.ApplyTo(cluster);
        await db.SaveChangesAsync(cancel);
        await ClusterEvents.NoteChangesAsync(db, cluster, now, actor, cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <summary>Softly: the history names it. Its kubeconfig is gone for good.</summary>
    public async Task<SettingResult> DeleteAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await FindAsync(db, id, cancel) is not { } cluster)
        {
            return new SettingResult.NotFound();
        }

        if (await DeploymentsAsync(db, id, cancel) is > 0 and var count)
        {
            return new SettingResult.Conflict(
                $"It has {Deployments(count)}: delete or move {(count == 1 ? "it" : "them")} first.");
        }

        (cluster.DeletedAt, cluster.Kubeconfig) = (clock.GetUtcNow(), null);
        await db.SaveChangesAsync(cancel);
        await AuditLog.AppendAsync(
            db, ClusterEvents.Told(AuditAction.ClusterDeleted, cluster, AuditActor.Of(actor)), cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <summary>Deployments use the secrets and follow the rights of their env: they do not change it unasked.</summary>
    private static async Task<string?> MoveErrorAsync(PlatzDb db, Cluster cluster, Guid? envId, CancellationToken cancel)
    {
        if (envId is not null && !await db.Envs.AnyAsync(e => e.Id == envId, cancel))
        {
            return "There is no such env.";
        }

        return await DeploymentsAsync(db, cluster.Id, cancel) is > 0 and var count
            ? $"The cluster has {Deployments(count)}, which would change the env with it: delete or move "
                + $"{(count == 1 ? "it" : "them")} first."
            : null;
    }

    private static string Deployments(int count) => count == 1 ? "1 deployment" : $"{count:N0} deployments";

    private static Task<int> DeploymentsAsync(PlatzDb db, Guid id, CancellationToken cancel) =>
        db.Deployments.CountAsync(d => d.ClusterId == id && d.DeletedAt == null, cancel);

    /// <summary>Locked, for a runner writes into the same row.</summary>
    private static Task<Cluster?> FindAsync(PlatzDb db, Guid id, CancellationToken cancel) =>
        db.Clusters.FromSql($"SELECT * FROM k8s_clusters WHERE id = {id} AND deleted_at IS NULL FOR UPDATE")
            .SingleOrDefaultAsync(cancel);

    private static async Task<SettingResult?> RefusalAsync(PlatzDb db, Actor actor, CancellationToken cancel) =>
        await db.AdmitsAsync(actor, Permission.EditSite, cancel)
            ? null
            : new SettingResult.Forbidden(Permission.EditSite);
}
