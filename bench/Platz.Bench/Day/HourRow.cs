namespace Platz.Bench.Day;

/// <summary>What there is after an hour.</summary>
/// <param name="Tasks">Queued and ended in this hour.</param>
/// <param name="Seconds">What the hour took.</param>
/// <param name="Queue">MiB of the queue with its indexes, though it is empty now.</param>
/// <param name="Deployments">MiB, with indexes.</param>
/// <param name="BytesATask">Of history, with indexes and phases, by all tasks there are.</param>
/// <param name="HeapOnly">Of the updates of tasks, those that no index notices.</param>
internal sealed record HourRow(
    int Hour, int Tasks, double Seconds, double Queue, double Deployments, double BytesATask, double HeapOnly, double Vacuums)
{
    private const string SizesSql = """
        SELECT pg_total_relation_size('task_queue') / 1048576.0, pg_total_relation_size('deployments') / 1048576.0,
            (pg_total_relation_size('deployment_tasks') + pg_total_relation_size('deployment_task_phases'))::float8
                / (SELECT count(*) FROM deployment_tasks),
            h.n_tup_hot_upd::float8 / greatest(1, h.n_tup_upd), q.autovacuum_count::float8
        FROM pg_stat_user_tables AS h, pg_stat_user_tables AS q
        WHERE h.relname = 'deployment_tasks' AND q.relname = 'task_queue'
        """;

    /// <summary>Tasks a second.</summary>
    public double Speed => Tasks / Seconds;

    public BenchRow Shown => new("After hour", $"{Hour}", new Dictionary<string, double>
    {
        ["tasks/s"] = Speed,
        ["queue MiB"] = Queue,
        ["depl. MiB"] = Deployments,
        ["bytes/task"] = BytesATask,
        ["HOT %"] = HeapOnly * 100,
        ["vacuums"] = Vacuums,
    });

    public static async Task<HourRow> ReadAsync(
        BenchDatabase database, int hour, int tasks, double seconds, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(SizesSql);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new HourRow(
            hour, tasks, seconds, (double)reader.GetDecimal(0), (double)reader.GetDecimal(1), reader.GetDouble(2),
            reader.GetDouble(3), reader.GetDouble(4));
    }
}
