using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>What the audit trail is told of a cluster.</summary>
internal static class ClusterEvents
{
    private static readonly (string Field, Func<ClusterSettings, string> Of)[] s_texts =
    [
        ("ingress_domain", s => s.IngressDomain), ("ingress_class", s => s.IngressClass),
        ("ingress_tls_secret_name", s => s.IngressTlsSecretName), ("ingress_address", s => s.IngressAddress),
        ("ingress_cidrs", s => s.IngressCidrs), ("grafana_url", s => s.GrafanaUrl),
        ("grafana_datasource_name", s => s.GrafanaDatasourceName),
    ];

    /// <summary>To be called last in a transaction, see <see cref="AuditLog"/>.</summary>
    public static async Task NoteChangesAsync(
        PlatzDb db, Cluster cluster, ClusterSettings before, Actor actor, CancellationToken cancel)
    {
        var after = ClusterSettings.Of(cluster);
        var concerns = after.EnvId ?? before.EnvId;
        if (after.EnvId != before.EnvId)
        {
            var names = await db.Envs.Where(e => e.Id == before.EnvId || e.Id == after.EnvId)
                .ToDictionaryAsync(e => e.Id, e => e.Name, cancel);
            await NoteMoveAsync("left", before.EnvId, names);
            await NoteMoveAsync("joined", after.EnvId, names);
        }

        if (after.Ignore != before.Ignore)
        {
            await NoteAsync(AuditAction.ClusterIgnored, new JsonObject { ["ignored"] = after.Ignore });
        }

        JsonNode[] changed = [.. s_texts.Where(t => t.Of(before) != t.Of(after)).Select(t => JsonValue.Create(t.Field))];
        if (changed.Length > 0)
        {
            await NoteAsync(AuditAction.ClusterChanged, new JsonObject { ["changed"] = new JsonArray(changed) });
        }

        // One for each env: the Admins of one may not even know that there is the other.
        Task NoteMoveAsync(string verb, Guid? envId, Dictionary<Guid, string> names) => envId is { } env
            ? AuditLog.AppendAsync(
                db, Told(AuditAction.ClusterEnvChanged, cluster, AuditActor.Of(actor)) with
                {
                    EnvId = env,
                    Detail = new JsonObject { [verb] = names.GetValueOrDefault(env) },
                }, cancel)
            : Task.CompletedTask;

        Task NoteAsync(string action, JsonObject detail) => AuditLog.AppendAsync(
            db, Told(action, cluster, AuditActor.Of(actor)) with { EnvId = concerns, Detail = detail }, cancel);
    }

    public static AuditEntry Told(string action, Cluster cluster, AuditActor actor) =>
        new(action, actor, new AuditSubject("cluster", cluster.Id, cluster.Name)) { EnvId = cluster.EnvId };
}
