using System.Diagnostics;
using Platz.Chaos.Databases;
using Platz.Chaos.Ledgers;
using Platz.Chaos.Queue;
using Platz.Chaos.Runners;
using Platz.Core.Tasks;

namespace Platz.Bench.Latency;

/// <summary>
/// How soon a task of ours is Started, through all that a real one goes through: it is queued here as a page does, and
/// a runner process with the product's own dispatch, at its own settings, is woken by NOTIFY. Only the operation does
/// nothing.
/// </summary>
internal sealed class PlatzLatency(ChaosDatabase database, Scene scene, LatencyLoad load)
{
    private const string StartsSql = """
        SELECT extract(epoch FROM t.created_at)::float8, extract(epoch FROM t.started_at)::float8,
            extract(epoch FROM p.started_at)::float8
        FROM deployment_tasks AS t JOIN deployment_task_phases AS p ON p.task_id = t.id AND p.seq = 0
        WHERE t.status = 'Done' AND t.attempt = 1 ORDER BY t.created_at OFFSET 1
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyCollection<JobStart>> RunAsync(LatencyLoad load, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("platz-latency-").FullName;
        try
        {
            Directory.CreateDirectory(EffectLedger.Effects(folder));
            await using var database = await ChaosDatabase.CreateAsync(new Server(BenchArguments.Server, null), folder, cancel);
            var scene = await Scene.SetAsync(database, clusters: 1, LatencyLoad.Keys, cancel);
            return await new PlatzLatency(database, scene, load).MeasureAsync(folder, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<IReadOnlyCollection<JobStart>> MeasureAsync(string folder, CancellationToken cancel)
    {
        using var runner = RunnerProcess.Start("runner", Program(), Settings(folder), TimeProvider.System);
        try
        {
            await EnqueueAsync(0, cancel); // tells that the runner is there, and is not counted
            await runner.ReadyAsync(s_patience);
            await SendAsync(cancel);
            await EndAsync(cancel);
            var starts = await ReadAsync(cancel);
            return starts.Count == load.Jobs ? starts : throw new InvalidDataException(
                $"Of {load.Jobs} tasks {starts.Count} were done once. {string.Join(' ', runner.Complaints)}");
        }
        finally
        {
            await runner.KillAsync();
        }
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        var began = Stopwatch.StartNew();
        for (var number = 0; number < load.Jobs; number++)
        {
            var wait = TimeSpan.FromSeconds((double)number / load.Rate) - began.Elapsed;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancel);
            await EnqueueAsync(number, cancel);
        }
    }

    private Task<Guid> EnqueueAsync(int number, CancellationToken cancel)
    {
        var deployment = scene.Deployments[number % scene.Deployments.Count];
        return Scene.EnqueueAsync(database, scene.Task(deployment, new RestartK8sResource(deployment.Id, "no-op")), cancel);
    }

    private async Task EndAsync(CancellationToken cancel)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < s_patience && await Load.LiveAsync(database, cancel) > 0;)
        {
            await Task.Delay(200, cancel);
        }
    }

    private async Task<List<JobStart>> ReadAsync(CancellationToken cancel)
    {
        List<JobStart> starts = [];
        await using var command = database.Source.CreateCommand(StartsSql);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            starts.Add(new JobStart(reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2)));
        }

        return starts;
    }

    private static ProcessStartInfo Program() => new("dotnet", [StagePlan.OwnProgram, NoOpRunner.Command]);

    private Dictionary<string, string?> Settings(string folder) => new()
    {
        ["ConnectionStrings:Platz"] = database.ConnectionString,
        ["Secrets:KeyFile"] = database.KeyFile,
        [NoOpRunner.FolderSetting] = folder,
        [NoOpRunner.NameSetting] = "runner",
        [$"{NoOpOptions.Section}:{nameof(NoOpOptions.Shortest)}"] = "0",
        [$"{NoOpOptions.Section}:{nameof(NoOpOptions.Longest)}"] = "0",
    };
}
