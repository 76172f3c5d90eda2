using System.Diagnostics;
using Npgsql;
using Platz.Core.Tasks;

namespace Platz.Bench.Queue;

/// <summary>
/// The limit: the statements of the queue, driven by pgbench, with nothing between. What was claimed is kept as
/// arrays: pgbench has no use for rows.
/// </summary>
internal static class RawQueue
{
    public static async Task RunAsync(QueueStage stage, QueueWay way, int workers, int batch, CancellationToken cancel)
    {
        var script = Path.Combine(Path.GetTempPath(), $"platz-bench-{Environment.ProcessId}.sql");
        await File.WriteAllTextAsync(script, Script(way, batch), cancel);
        try
        {
            using var pgbench = Start(stage.Database.ConnectionString, script, workers);
            var errors = pgbench.StandardError.ReadToEndAsync(cancel);
            var output = pgbench.StandardOutput.ReadToEndAsync(cancel);
            while (!pgbench.HasExited && await stage.LeftAsync(cancel) > 0)
            {
                await Task.Delay(100, cancel);
            }

            if (pgbench.HasExited)
            {
                throw new InvalidOperationException($"pgbench has ended: {await output}{await errors}");
            }

            pgbench.Kill();
            await pgbench.WaitForExitAsync(cancel);
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>What pgbench repeats, while there is something to claim.</summary>
    internal static string Script(QueueWay way, int batch) => $"""
        {Claim(batch)} \gset
        \if :n > 0
        {(way.HasPhases ? Enter() + ";" : "")}
        BEGIN;
        {TaskQueue.LockSql.Replace("@deployments", ":deployments::uuid[]")};
        {Finish(way)};
        {TaskQueue.PromoteSql.Replace("@deployments", ":deployments::uuid[]")};
        COMMIT;
        \endif

        """;

    /// <summary>Its rows as arrays: <c>\gset</c> keeps one row.</summary>
    private static string Claim(int batch)
    {
        const string start = "\nUPDATE deployment_tasks AS t", end = "RETURNING t.*";
        var sql = TaskQueue.ClaimSql;
        var at = sql.IndexOf(start, StringComparison.Ordinal);
        if (at < 0 || !sql.EndsWith(end, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The claim is written otherwise now: see to the bench.");
        }

        return $"""
            {sql[..at]},
            started AS ({sql[at..^end.Length]} RETURNING t.id, t.deployment_id, t.fence)
            SELECT count(*) AS n, coalesce(array_agg(id), '{"{}"}') AS tasks,
                coalesce(array_agg(deployment_id), '{"{}"}') AS deployments,
                coalesce(array_agg(fence), '{"{}"}') AS fences
            FROM started
            """
            .Replace("@clusters", $"ARRAY['{QueueStage.Cluster}'::uuid]")
            .Replace("@places", $"ARRAY[{batch}]")
            .Replace("@kinds", $"ARRAY[{string.Join(", ", OperationPhases.Kinds.Select(kind => $"'{kind}'"))}]")
            .Replace("@total", $"{batch}")
            .Replace("@owner", "'pgbench'")
            .Replace("@lease", "interval '5 minutes'");
    }

    private static string Enter() => TaskQueue.EnterTogetherSql
        .Replace("@tasks", ":tasks::uuid[]")
        .Replace("@deployments", ":deployments::uuid[]")
        .Replace("@fences", ":fences::bigint[]")
        .Replace("@phases", Each($"'{Phase.Restart}'::text"))
        .Replace("@statuses", Each("NULL::text"));

    private static string Finish(QueueWay way) => TaskQueue.FinishSql
        .Replace("@tasks", ":tasks::uuid[]")
        .Replace("@fences", ":fences::bigint[]")
        .Replace("@statuses", Each("'Done'::text"))
        .Replace("@reasons", Each("NULL::text"))
        .Replace("@effects", Each("'Complete'::text"))
        .Replace("@deployment_statuses", Each(way.WritesDeployments ? "'Running'::text" : "NULL::text"))
        .Replace("@revisions", Each(way.WritesDeployments ? "'Record'::text" : "'Keep'::text"))
        .Replace("@deletes", Each("false"));

    private static string Each(string value) => $"array_fill({value}, ARRAY[:n::int])";

    private static Process Start(string connectionString, string script, int workers)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(
            Program(),
            [
                "--no-vacuum", "--protocol=prepared", $"--client={workers}", $"--jobs={workers}", "--time=3600",
                $"--file={script}", $"--host={server.Host}", $"--port={server.Port}", $"--username={server.Username}",
                server.Database!,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = server.Password;
        start.Environment["PGOPTIONS"] = "-c random_page_cost=1.1 -c jit=off -c timezone=UTC"; // as Platz connects
        return Process.Start(start)!;
    }

    /// <summary>Beside the server's programs, or on the path.</summary>
    private static string Program()
    {
        const string debian = "/usr/lib/postgresql";
        var found = Directory.Exists(debian)
            ? Directory.EnumerateFiles(debian, "pgbench", SearchOption.AllDirectories).Order()
            : Enumerable.Empty<string>();
        return found.LastOrDefault("pgbench");
    }
}
