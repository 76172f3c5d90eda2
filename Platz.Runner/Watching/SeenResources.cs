using System.Text.Json.Nodes;
using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Platz.Core.Resources;
using Platz.Runner.Operations;

namespace Platz.Runner.Watching;

/// <summary>
/// Writes what is seen in one cluster into <c>k8s_resources</c>: several times a second at most, what has not changed
/// not at all, so that a restart of many pods does not become as many notifications.
/// </summary>
internal sealed class SeenResources(
    NpgsqlDataSource database, Guid clusterId, DeploymentSecrets secrets, TimeProvider clock)
{
    private const int MostAtOnce = 1_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    // What belongs to a deployment that this installation does not know is somebody else's.
    private const string SaveSql = """
        INSERT INTO k8s_resources AS old (
            id, last_updated_at, cluster_id, deployment_id, kind, api_version, name, status_color, metadata,
            created_at, owner_id, ready, desired, restarts, state, message)
        SELECT r.id, clock_timestamp(), @cluster, r.deployment_id, r.kind, r.api_version, r.name, r.status_color, r.metadata,
            r.created_at, r.owner_id, r.ready, r.desired, r.restarts, r.state, r.message
        FROM jsonb_to_recordset(@rows) AS r(
            id uuid, deployment_id uuid, kind text, api_version text, name text, status_color text[], metadata jsonb,
            created_at timestamptz, owner_id uuid, ready int, desired int, restarts int, state text, message text)
        JOIN deployments AS d ON d.id = r.deployment_id
        ON CONFLICT (id) DO UPDATE SET last_updated_at = excluded.last_updated_at, deployment_id = excluded.deployment_id,
            status_color = excluded.status_color, metadata = excluded.metadata, owner_id = excluded.owner_id,
            ready = excluded.ready, desired = excluded.desired, restarts = excluded.restarts, state = excluded.state,
            message = excluded.message
        WHERE (old.status_color, old.ready, old.desired, old.restarts, old.state, old.message, old.owner_id,
                old.deployment_id, old.metadata - 'resourceVersion' - 'generation')
            IS DISTINCT FROM (excluded.status_color, excluded.ready, excluded.desired, excluded.restarts, excluded.state,
                excluded.message, excluded.owner_id, excluded.deployment_id,
                excluded.metadata - 'resourceVersion' - 'generation')
        """;

    private const string DeleteSql = "DELETE FROM k8s_resources WHERE cluster_id = @cluster AND id = ANY(@ids)";

    private const string KeepSql = """
        DELETE FROM k8s_resources WHERE cluster_id = @cluster AND kind = @kind AND NOT (id = ANY(@ids))
        """;

    private readonly Channel<Seen> _seen = Channel.CreateBounded<Seen>(10_000);

    public ValueTask SaveAsync(K8sResource resource, CancellationToken cancel) =>
        _seen.Writer.WriteAsync(new Seen.Saved(resource), cancel);

    public ValueTask DeleteAsync(Guid id, CancellationToken cancel) => _seen.Writer.WriteAsync(new Seen.Gone(id), cancel);

    /// <summary>Forgets what of a kind is not there any more; in its turn, after what was seen before.</summary>
    public ValueTask KeepOnlyAsync(string kind, Guid[] ids, CancellationToken cancel) =>
        _seen.Writer.WriteAsync(new Seen.Listed(kind, ids), cancel);

    /// <summary>Writes for as long as it is asked to.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (await _seen.Reader.WaitToReadAsync(cancel))
        {
            var latest = new Dictionary<Guid, K8sResource?>();
            Seen.Listed? listed = null;
            while (listed is null && latest.Count < MostAtOnce && _seen.Reader.TryRead(out var seen))
            {
                listed = seen as Seen.Listed;
                if (seen is Seen.Saved(var resource))
                {
                    latest[resource.Id] = resource;
                }
                else if (seen is Seen.Gone(var id))
                {
                    latest[id] = null;
                }
            }

            await WriteAsync(latest, cancel);
            if (listed is not null)
            {
                await KeepOnlyAsync(listed, cancel);
            }

            await Task.Delay(s_pause, clock, cancel);
        }
    }

    private async Task KeepOnlyAsync(Seen.Listed listed, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(KeepSql);
        command.Parameters.AddWithValue("cluster", clusterId);
        command.Parameters.AddWithValue("kind", listed.Kind);
        command.Parameters.AddWithValue("ids", listed.Ids);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task WriteAsync(Dictionary<Guid, K8sResource?> latest, CancellationToken cancel)
    {
        if (latest.Count == 0)
        {
            return;
        }

        var rows = new List<JsonNode?>();
        foreach (var resource in latest.Values.OfType<K8sResource>())
        {
            SeenText.Clean(resource, await secrets.RedactorAsync(resource.DeploymentId, cancel));
            rows.Add(Json(resource));
        }

        await using var batch = database.CreateBatch();
        if (rows.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(SaveSql)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid>("cluster", clusterId),
                    new NpgsqlParameter("rows", NpgsqlDbType.Jsonb) { Value = new JsonArray([.. rows]).ToJsonString() },
                },
            });
        }

        Guid[] gone = [.. latest.Where(pair => pair.Value is null).Select(pair => pair.Key)];
        if (gone.Length > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(DeleteSql)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid>("cluster", clusterId), new NpgsqlParameter<Guid[]>("ids", gone),
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static JsonObject Json(K8sResource resource) => new()
    {
        ["id"] = resource.Id,
        ["deployment_id"] = resource.DeploymentId,
        ["kind"] = resource.Kind,
        ["api_version"] = resource.ApiVersion,
        ["name"] = resource.Name,
        ["status_color"] = new JsonArray([.. resource.StatusColor.Select(c => (JsonNode?)c)]),
        ["metadata"] = resource.Metadata.DeepClone(),
        ["created_at"] = resource.CreatedAt,
        ["owner_id"] = resource.OwnerId,
        ["ready"] = resource.Ready,
        ["desired"] = resource.Desired,
        ["restarts"] = resource.Restarts,
        ["state"] = resource.State,
        ["message"] = resource.Message,
    };

    private abstract record Seen
    {
        public sealed record Saved(K8sResource Resource) : Seen;

        public sealed record Gone(Guid Id) : Seen;

        public sealed record Listed(string Kind, Guid[] Ids) : Seen;
    }
}
