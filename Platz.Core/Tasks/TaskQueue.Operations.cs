using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace Platz.Core.Tasks;

/// <summary>What single operations write beside the common path; guarded by id, fence and status as all else.</summary>
public sealed partial class TaskQueue
{
    // The phase that comes next is entered by whoever serves the other cluster: its row in the timings begins there.
    private const string HandOverSql = """
        WITH live AS MATERIALIZED (
            SELECT task_id FROM task_queue WHERE task_id = @task AND fence = @fence AND state = 'Started' FOR UPDATE),
        task AS (
            UPDATE deployment_tasks AS t SET phase = @phase, run_cluster_id = @cluster
            FROM live WHERE t.id = live.task_id AND t.fence = @fence AND t.status = 'Started'
                AND t.cancel_requested_at IS NULL
            RETURNING t.id),
        closed AS (
            UPDATE deployment_task_phases AS p SET finished_at = clock_timestamp(), outcome = 'Done'
            FROM task WHERE p.task_id = task.id AND p.finished_at IS NULL),
        released AS (
            UPDATE task_queue AS q SET lease_owner = NULL, lease_until = clock_timestamp(), run_cluster_id = @cluster
            FROM task WHERE q.task_id = task.id AND q.fence = @fence AND q.state = 'Started')
        SELECT CASE
            WHEN EXISTS (SELECT FROM task) THEN 'Entered'
            WHEN EXISTS (SELECT FROM deployment_tasks
                WHERE id = @task AND fence = @fence AND status = 'Started') THEN 'CancelRequested'
            ELSE 'LeaseLost' END
        """;

    private const string MoveSql = """
        WITH moved AS (
            UPDATE task_queue SET run_cluster_id = @cluster
            WHERE task_id = @task AND fence = @fence AND state = 'Started'
            RETURNING task_id)
        UPDATE deployment_tasks AS t SET run_cluster_id = @cluster FROM moved WHERE t.id = moved.task_id
        """;

    // Merged, not replaced: the causes stay as they are.
    private const string RecordReinstallSql = """
        UPDATE deployment_tasks SET chart_version = @chart_version,
            operation = jsonb_set(operation, '{Reinstall}', operation -> 'Reinstall' || @recorded)
        WHERE id = @task AND fence = @fence AND status = 'Started' AND op_kind = 'Reinstall'
        """;

    /// <summary>
    /// Lets a task go for a runner that serves the cluster of its next phase. Not a lost lease: it counts as no attempt.
    /// </summary>
    /// <returns><see cref="PhaseEntry.Entered"/> when it was let go.</returns>
    public async Task<PhaseEntry> HandOverAsync(
        Guid taskId, long fence, string phase, Guid clusterId, CancellationToken cancel)
    {
        await using var command = Guarded(HandOverSql, taskId, fence);
        command.Parameters.AddWithValue("phase", phase);
        command.Parameters.AddWithValue("cluster", clusterId);
        return Enum.Parse<PhaseEntry>((string)(await command.ExecuteScalarAsync(cancel))!);
    }

    /// <summary>Goes on with the task on another cluster that the same runner serves.</summary>
    /// <returns>False when the lease was lost.</returns>
    public async Task<bool> MoveAsync(Guid taskId, long fence, Guid clusterId, CancellationToken cancel)
    {
        await using var command = Guarded(MoveSql, taskId, fence);
        command.Parameters.AddWithValue("cluster", clusterId);
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }

    /// <summary>Keeps in a Reinstall what it installs: the revision that was current when it started.</summary>
    /// <returns>False when the lease was lost.</returns>
    public async Task<bool> RecordReinstallAsync(
        Guid taskId, long fence, IInstallsChart installed, string? chartVersion, CancellationToken cancel)
    {
        var recorded = new JsonObject
        {
            ["helm_chart_id"] = installed.HelmChartId,
            ["config_inputs"] = installed.ConfigInputs.DeepClone(),
            ["values_override"] = installed.ValuesOverride?.DeepClone(),
        };
        await using var command = Guarded(RecordReinstallSql, taskId, fence);
        command.Parameters.Add(Nullable("chart_version", chartVersion));
        command.Parameters.AddWithValue("recorded", NpgsqlDbType.Jsonb, recorded.ToJsonString());
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }

    private NpgsqlCommand Guarded(string sql, Guid taskId, long fence)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue("task", taskId);
        command.Parameters.AddWithValue("fence", fence);
        return command;
    }
}
