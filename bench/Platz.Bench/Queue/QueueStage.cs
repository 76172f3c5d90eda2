using System.Globalization;
using Npgsql;
using Platz.Bench.Seed;

namespace Platz.Bench.Queue;

/// <summary>Deployments whose tasks do nothing, beside a history; each round begins with all tasks waiting.</summary>
internal sealed class QueueStage(BenchDatabase database, int tasks) : IAsyncDisposable
{
    public const int Deployments = 1_000;

    // Of the rows themselves, by the database's clock: nobody can count what was not done, or was done twice.
    private const string JudgeSql = """
        SELECT count(*) FILTER (WHERE status = 'Done' AND attempt = 1 AND fence = 1),
            count(*) FILTER (WHERE started_at < ended_before),
            count(*) FILTER (WHERE created_at < created_before),
            (SELECT count(*) FROM deployment_task_phases AS p JOIN deployment_tasks AS t ON t.id = p.task_id
                WHERE t.cluster_id = @cluster AND p.outcome = 'Done' AND p.finished_at >= p.started_at),
            (SELECT count(*) FROM task_queue WHERE run_cluster_id = @cluster),
            (SELECT count(*) FROM deployments AS d WHERE d.cluster_id = @cluster AND d.revision_id = (
                SELECT id FROM deployment_tasks WHERE deployment_id = d.id ORDER BY created_at DESC LIMIT 1)),
            extract(epoch FROM max(finished_at) - min(started_at))::float8
        FROM (
            SELECT *, lag(finished_at) OVER line AS ended_before, lag(created_at) OVER line AS created_before
            FROM deployment_tasks WHERE cluster_id = @cluster
            WINDOW line AS (PARTITION BY deployment_id ORDER BY started_at)) AS t
        """;

    public static readonly Guid Cluster = Guid.Parse("0000000a-0000-7000-8000-000000000002");

    public BenchDatabase Database => database;

    public int Tasks => tasks;

    /// <param name="database">See <see cref="BenchArguments.Database"/>.</param>
    /// <param name="history">How many tasks have ended before.</param>
    public static async Task<QueueStage> BuildAsync(
        string? database, int history, int tasks, CancellationToken cancel)
    {
        var planted = await BenchDatabase.PlantedAsync(
            database, $"bench_queue_{history}", history, Math.Max(1, history / 20), cancel);
        var stage = new QueueStage(planted, tasks);
        await stage.RunAsync(TaskSeed.Read("queue.sql").Replace("$deployments", $"{Deployments}"), cancel);
        return stage;
    }

    /// <summary>All tasks wait, and what earlier rounds left for the background is done.</summary>
    public async Task EnqueueAsync(CancellationToken cancel)
    {
        await ClearAsync(cancel);
        await RunAsync(TaskSeed.Read("queued.sql").Replace("$tasks", $"{tasks}"), cancel);
        foreach (var table in new[] { "deployment_tasks", "task_queue", "deployment_task_phases", "deployments" })
        {
            await RunAsync($"VACUUM (ANALYZE) {table}", cancel);
        }

        await RunAsync("CHECKPOINT", cancel);
    }

    public Task ClearAsync(CancellationToken cancel) => RunAsync(TaskSeed.Read("unqueued.sql"), cancel);

    /// <returns>Tasks a second, from the first start to the last end.</returns>
    /// <exception cref="InvalidDataException">Not every task was done exactly once, alone and in turn.</exception>
    public async Task<double> JudgeAsync(bool withPhases, bool withDeployments, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(JudgeSql);
        command.Parameters.AddWithValue("cluster", Cluster);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var found = Enumerable.Range(0, 6).Select(reader.GetInt64).ToArray();
        long[] wanted = [tasks, 0, 0, withPhases ? tasks : 0, 0, withDeployments ? Math.Min(Deployments, tasks) : 0];
        return found.SequenceEqual(wanted) ? tasks / reader.GetDouble(6) : throw new InvalidDataException(
            $"Of {tasks} tasks done once, overlapping, out of turn, with a phase, still queued, recorded: "
            + $"{string.Join(", ", found)}; wanted: {string.Join(", ", wanted)}.");
    }

    /// <summary>How many tasks there are beside those of the rounds.</summary>
    public async Task<int> HistoryAsync(CancellationToken cancel)
    {
        await ClearAsync(cancel);
        return int.Parse(
            await database.AskAsync("SELECT count(*) FROM deployment_tasks", cancel), CultureInfo.InvariantCulture);
    }

    /// <summary>How many of the tasks have not ended yet.</summary>
    public async Task<long> LeftAsync(CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            "SELECT count(*) FROM task_queue WHERE run_cluster_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = Cluster });
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await ClearAsync(CancellationToken.None); // it may be kept
        await database.DisposeAsync();
    }

    private Task RunAsync(string sql, CancellationToken cancel) => TaskSeed.RunAsync(database.Source, sql, cancel);
}
