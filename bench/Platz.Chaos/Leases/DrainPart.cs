using System.Collections.Concurrent;
using System.Security.Cryptography;
using Platz.Chaos.Databases;
using Platz.Chaos.Queue;
using Platz.Core.Tasks;

namespace Platz.Chaos.Leases;

/// <summary>
/// Rolling restarts with SIGTERM while tasks run, some of which take longer than a runner waits: how long runners need
/// to leave, and what becomes of the tasks.
/// </summary>
internal sealed class DrainPart : IPart
{
    private const int Runners = 4;
    private const double MostSeconds = 25;
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(4);

    private static readonly Dictionary<string, string?> s_settings = new()
    {
        ["NoOp:Shortest"] = "00:00:01",
        ["NoOp:Longest"] = "00:00:45",
    };

    public string Name => "drain";

    public string About => "rolling restarts with SIGTERM, at default settings (--restarts N)";

    public async Task<ChaosReport> RunAsync(ChaosArguments arguments, string folder, CancellationToken cancel)
    {
        var seed = arguments.Number("--seed", RandomNumberGenerator.GetInt32(int.MaxValue));
        var restarts = arguments.Number("--restarts", 100);
        await using var stage = await Stage.SetAsync(
            Server.Given, new StagePlan(StagePlan.OwnProgram, Runners, Deployments: 30, s_settings), folder, cancel);
        var load = new Load(stage.Database, stage.Scene, seed, TimeProvider.System) { MostLive = 40 };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var loading = load.RunAsync(stop.Token);
        await stage.Crew.ResizeAsync(Runners);
        var took = new ConcurrentBag<TimeSpan>();
        await Task.WhenAll(Enumerable.Range(0, Runners).Select(RollAsync));
        await stop.CancelAsync();
        await loading;
        await stage.SettleAsync(Runners, cancel);

        var evidence = await stage.EvidenceAsync(load);
        var verdict = stage.Judge(evidence);
        var (longest, failed) = (
            Percentiles.Of(took, 1), evidence.Tasks.Count(t => t.Status is DeploymentTaskStatus.Failed));
        var again = evidence.Tasks.Count(t => t.Attempt > 1);
        var holds = verdict.Holds && longest <= MostSeconds && took.Count >= restarts && again == 0;
        return new ChaosReport(
            Name, seed,
            new Dictionary<string, double>
            {
                ["Restarts"] = took.Count,
                ["Exit p50 s"] = Percentiles.Of(took, 0.5),
                ["Exit p99 s"] = Percentiles.Of(took, 0.99),
                ["Exit longest s"] = longest,
                ["Tasks"] = evidence.Tasks.Count,
                ["Failed"] = failed,
                ["Handed over"] = evidence.Runs.GroupBy(r => r.Task).Sum(r => r.Count() - 1),
                ["Counted as another attempt"] = again,
            },
            $"{(holds ? "Every promise held" : "A PROMISE WAS BROKEN")} with seed {seed}: {took.Count:N0} rolling restarts, exit after "
            + $"at most {longest:N1} s (promised {MostSeconds:N0}), {evidence.Tasks.Count:N0} tasks, {failed:N0} of them failed, "
            + $"{again:N0} charged with an attempt: {verdict}.",
            holds)
        {
            Breaches = verdict.Breaches,
        };

        async Task RollAsync(int place)
        {
            await Task.Delay(s_between * (place + 1), cancel);
            for (var i = place; i < restarts; i += Runners)
            {
                if (await stage.Crew.TerminateAsync(place) is { } time)
                {
                    took.Add(time);
                }

                await Task.Delay(s_between, cancel);
            }
        }
    }
}
