using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>One cause, many deployments (contract 2.4): a burst of causes folds into one pending Reinstall each.</summary>
public sealed partial class TaskQueue
{
    // A claim that is under way holds the row; once it is Started the cause needs a Reinstall of its own.
    private const string FoldSql = """
        WITH waiting AS MATERIALIZED (
            SELECT q.task_id FROM task_queue AS q JOIN deployment_tasks AS t ON t.id = q.task_id
            WHERE q.deployment_id = ANY(@deployments) AND q.op_kind = 'Reinstall' AND q.state <> 'Started'
                AND q.execute_at <= clock_timestamp() AND t.retry_of_task_id IS NULL AND t.status = 'Pending'
            ORDER BY q.task_id FOR UPDATE OF q),
        folded AS (
            SELECT t.id, t.operation #> '{Reinstall,causes}' || @cause AS causes,
                CASE WHEN strpos(t.reason, @text) > 0 THEN t.reason
                    ELSE left(t.reason || '; ' || @text, 4000) END AS reason
            FROM waiting JOIN deployment_tasks AS t ON t.id = waiting.task_id)
        UPDATE deployment_tasks AS t SET reason = folded.reason, operation = jsonb_set(jsonb_set(
            t.operation, '{Reinstall,causes}', folded.causes), '{Reinstall,reason}', to_jsonb(folded.reason))
        FROM folded WHERE t.id = folded.id AND t.status = 'Pending'
        RETURNING t.deployment_id
        """;

    private const string ReinstallSql = $"""
        WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
        task AS (
            INSERT INTO deployment_tasks (
                id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status, attempt, fence,
                created_at, execute_at, acting_user_id, acting_bot_id, acting_deployment_id, actor_name,
                kind_name, deployment_name, cluster_name, namespace, chart_version, reason)
            SELECT new.task_id, d.id, c.env_id, c.id, c.id, @operation, 'Reinstall', 'Pending', 0, 0,
                clock.now, clock.now, @user, @bot, @acting, @actor_name,
                k.name, d.name, c.name, d.namespace, coalesce(revision.chart_version, chart.image_tag), @text
            FROM unnest(@deployments, @tasks) AS new(deployment_id, task_id)
            JOIN deployments AS d ON d.id = new.deployment_id
            JOIN deployment_kinds AS k ON k.id = d.kind_id
            JOIN k8s_clusters AS c ON c.id = d.cluster_id
            JOIN helm_charts AS chart ON chart.id = d.helm_chart_id
            LEFT JOIN deployment_tasks AS revision ON revision.id = d.revision_id
            CROSS JOIN clock
            WHERE d.enabled AND d.deleted_at IS NULL AND d.status <> 'Deleting' AND c.env_id IS NOT NULL
            RETURNING id, deployment_id, run_cluster_id, op_kind, created_at, execute_at),
        placed AS (
            SELECT task.*, {PlaceOfDue} AS state FROM task)
        INSERT INTO task_queue (
            task_id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, state, ready_at, fence)
        SELECT id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, state,
            CASE WHEN state = 'Ready' THEN created_at END, 0
        FROM placed
        """;

    // Enabled deployments that use one of those just re-deployed, and whose own chart wants to know (contract 2.4).
    private const string DependentsSql =
        $"SELECT dependency.target_id, dependency.deployment_id {DependentsOf} = ANY(@deployments)";

    private const string DependentsOf = """
        FROM deployment_dependencies AS dependency
        JOIN deployments AS d ON d.id = dependency.deployment_id
        JOIN helm_charts AS chart ON chart.id = d.helm_chart_id
        WHERE dependency.kind = 'Deployment' AND dependency.deployment_id <> dependency.target_id
            AND d.enabled AND d.deleted_at IS NULL AND d.status <> 'Deleting' AND chart.reinstall_dependencies
            AND dependency.target_id
        """;

    private const string ProvidersSql = """
        SELECT d.id, d.namespace, k.name || CASE d.name WHEN '' THEN '' ELSE '/' || d.name END
        FROM deployment_tasks AS t
        JOIN deployments AS d ON d.id = t.deployment_id
        JOIN deployment_kinds AS k ON k.id = d.kind_id
        WHERE t.id = ANY(@finished) AND t.status = 'Done' AND t.op_kind IN ('Install', 'Upgrade', 'Recreate')
        """;

    /// <summary>
    /// Queues a Reinstall of each of these deployments that is enabled, in the caller's transaction, or adds the cause
    /// to the one that is waiting already.
    /// </summary>
    /// <param name="cause">For people: <c>secret db/password changed</c>.</param>
    public static async Task ReinstallAsync(
        PlatzDb db, IReadOnlyCollection<Guid> deployments, string cause, Actor actor, CancellationToken cancel)
    {
        await LockAsync(db, deployments, cancel);
        var transaction = Transaction(db);
        await ReinstallAsync(transaction.Connection!, transaction, deployments, cause, actor, cancel);
    }

    /// <summary>To be called with the deployments locked.</summary>
    private static async Task ReinstallAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Guid> deployments,
        string cause, Actor actor, CancellationToken cancel)
    {
        if (deployments.Count == 0)
        {
            return;
        }

        var at = await ClockAsync(connection, transaction, cancel);
        var entry = new ReinstallCause(cause, actor.Name, at);
        HashSet<Guid> folded;
        await using (var fold = new NpgsqlCommand(FoldSql, connection, transaction))
        {
            fold.Parameters.AddWithValue("deployments", deployments.ToArray());
            fold.Parameters.AddWithValue("cause", NpgsqlDbType.Jsonb, CauseJson(entry));
            fold.Parameters.AddWithValue("text", cause);
            folded = await ReadIdsAsync(fold, cancel);
        }

        Guid[] others = [.. deployments.Where(d => !folded.Contains(d)).Distinct()];
        await using var promote = new NpgsqlCommand(PromoteSql, connection, transaction);
        promote.Parameters.AddWithValue("deployments", others);
        await promote.ExecuteNonQueryAsync(cancel);

        await using var insert = new NpgsqlCommand(ReinstallSql, connection, transaction);
        insert.Parameters.AddWithValue("deployments", others);
        insert.Parameters.AddWithValue("tasks", others.Select(_ => Guid.CreateVersion7()).ToArray());
        insert.Parameters.AddWithValue(
            "operation", NpgsqlDbType.Jsonb, OperationJson.Write(new Reinstall(cause, [entry])));
        insert.Parameters.Add(Nullable("user", actor.UserId));
        insert.Parameters.Add(Nullable("bot", actor.BotId));
        insert.Parameters.Add(Nullable("acting", actor.DeploymentId));
        insert.Parameters.AddWithValue("actor_name", actor.Name);
        insert.Parameters.AddWithValue("text", cause);
        await insert.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>After the tasks' end: those who depend on what was installed anew follow, in the same transaction.</summary>
    private static async Task ReinstallDependentsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Guid> finished,
        ILookup<Guid, Guid> dependents)
    {
        var providers = new List<(Guid Id, string Namespace, string Name)>();
        await using (var find = new NpgsqlCommand(ProvidersSql, connection, transaction))
        {
            find.Parameters.AddWithValue("finished", finished.ToArray());
            await using var reader = await find.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
            {
                providers.Add((reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
            }
        }

        foreach (var (id, ns, name) in providers)
        {
            await ReinstallAsync(
                connection, transaction, [.. dependents[id]], $"{name} was re-deployed", new Actor.Deployment(id, ns),
                CancellationToken.None);
        }
    }

    /// <summary>Who depends on these, provider by provider.</summary>
    private static async Task<ILookup<Guid, Guid>> DependentsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid[] providers)
    {
        var pairs = new List<(Guid Provider, Guid Dependent)>();
        if (providers.Length > 0)
        {
            await using var command = new NpgsqlCommand(DependentsSql, connection, transaction);
            command.Parameters.AddWithValue("deployments", providers);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
            {
                pairs.Add((reader.GetGuid(0), reader.GetGuid(1)));
            }
        }

        return pairs.ToLookup(p => p.Provider, p => p.Dependent);
    }

    private static async Task<DateTimeOffset> ClockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var clock = new NpgsqlCommand("SELECT clock_timestamp()", connection, transaction);
        return new DateTimeOffset((DateTime)(await clock.ExecuteScalarAsync(cancel))!);
    }

    private static string CauseJson(ReinstallCause cause) =>
        new JsonArray(new JsonObject { ["text"] = cause.Text, ["actor"] = cause.Actor, ["at"] = cause.At }).ToJsonString();
}
