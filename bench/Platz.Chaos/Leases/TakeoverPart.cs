using System.Security.Cryptography;
using Platz.Chaos.Databases;
using Platz.Chaos.Judging;
using Platz.Chaos.Queue;
using Platz.Core.Tasks;

namespace Platz.Chaos.Leases;

/// <summary>
/// How long the tasks of a runner that died wait for the next one, at the settings a runner has by itself: from the
/// kill to the moment in which another begins with the task.
/// </summary>
internal sealed class TakeoverPart : IPart
{
    private const int Runners = 6;
    private const int Deployments = 48;
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_lastTakeOver = TimeSpan.FromSeconds(45);

    private static readonly Dictionary<string, string?> s_settings = new()
    {
        ["Runner:MaxConcurrentTasks"] = "10", // so that every runner has some of them, and the others have room
        ["Runner:MaxConcurrentTasksPerCluster"] = "10",
        ["NoOp:Shortest"] = "05:00:00",
        ["NoOp:Longest"] = "06:00:00",
    };

    public string Name => "takeover";

    public string About => "how long the tasks of a killed runner wait for the next, at default settings (--kills N)";

    public async Task<ChaosReport> RunAsync(ChaosArguments arguments, string folder, CancellationToken cancel)
    {
        var seed = arguments.Number("--seed", RandomNumberGenerator.GetInt32(int.MaxValue));
        var kills = arguments.Number("--kills", 60);
        await using var stage = await Stage.SetAsync(
            Server.Given, new StagePlan(StagePlan.OwnProgram, Runners, Deployments, s_settings), folder, cancel);
        foreach (var deployment in stage.Scene.Deployments)
        {
            await Scene.EnqueueAsync(
                stage.Database, stage.Scene.Task(deployment, new RestartK8sResource(deployment.Id, "no-op")), cancel);
        }

        await stage.Crew.ResizeAsync(Runners);
        var random = new Random(seed);
        await Task.Delay(s_between, cancel);
        for (var i = 0; i < kills; i++)
        {
            await stage.Crew.KillAsync(random.Next(Runners), after: null);
            await Task.Delay(s_between * (0.5 + random.NextDouble()), cancel);
        }

        await Task.Delay(s_lastTakeOver, cancel);
        await stage.Crew.ResizeAsync(0);
        return Report(seed, kills, stage.Runs());
    }

    private ChaosReport Report(int seed, int kills, List<Run> runs)
    {
        var byTask = runs.ToLookup(r => r.Task);
        var waits = new List<TimeSpan>();
        var left = 0;
        foreach (var killed in runs.Where(r => r.Killed))
        {
            var next = byTask[killed.Task].Where(r => r.Fence > killed.Fence).MinBy(r => r.Fence);
            left += next is null ? 1 : 0;
            waits.AddRange(next is null ? [] : [next.Begin - killed.End]);
        }

        var (overlaps, _) = Overlaps.Of(runs);
        var (p50, p99) = (Percentiles.Of(waits, 0.5), Percentiles.Of(waits, 0.99));
        var holds = p50 <= 20 && p99 <= 25 && left == 0 && overlaps.Count == 0 && waits.Count > 0;
        return new ChaosReport(
            Name, seed,
            new Dictionary<string, double>
            {
                ["Kills"] = kills,
                ["Tasks taken over"] = waits.Count,
                ["Tasks left"] = left,
                ["p50 s"] = p50,
                ["p95 s"] = Percentiles.Of(waits, 0.95),
                ["p99 s"] = p99,
                ["Longest s"] = Percentiles.Of(waits, 1),
                ["Overlaps"] = overlaps.Count,
            },
            $"{(holds ? "Every promise held" : "A PROMISE WAS BROKEN")} with seed {seed}: {kills:N0} kills at default settings, "
            + $"{waits.Count:N0} tasks taken over after p50 {p50:N1} s (promised 20), p99 {p99:N1} s (25), "
            + $"{left:N0} left, {overlaps.Count:N0} overlapping.",
            holds)
        {
            Breaches = overlaps,
        };
    }
}
