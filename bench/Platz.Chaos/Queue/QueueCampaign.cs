using System.Diagnostics;
using Platz.Chaos.Databases;
using Platz.Chaos.Judging;
using Platz.Chaos.Runners;
using Platz.Chaos.Schedules;

namespace Platz.Chaos.Queue;

/// <summary>
/// Runners of no-ops that are killed, stopped and cut off by a schedule while tasks are queued and canceled; then the
/// judge compares what the runners did outside of the queue with what the queue says.
/// </summary>
internal sealed class QueueCampaign(Server server, FaultPlan plan, TextWriter output, TimeProvider clock)
{
    private const int Deployments = 60;

    private readonly Dictionary<FaultKind, int> _done = [];
    private Task _restarts = Task.CompletedTask;

    /// <summary>The program whose command <see cref="NoOpRunner.Command"/> is a runner.</summary>
    public string Program { get; init; } = StagePlan.OwnProgram;

    public async Task<QueueResult> RunAsync(string folder, CancellationToken cancel)
    {
        await using var stage = await Stage.SetAsync(
            server, new StagePlan(Program, plan.Runners, Deployments, Settings()), folder, cancel);
        var load = new Load(stage.Database, stage.Scene, plan.Seed, clock)
        {
            Cancels = 0.1,
            Scheduled = 0.15,
            MostLive = plan.MostLive,
        };

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var loading = load.RunAsync(stop.Token);
        await FollowAsync(plan.Draw(), stage, cancel);
        await stop.CancelAsync();
        await loading;
        await output.WriteLineAsync("The faults are over; waiting for what is left in the queue");
        await stage.SettleAsync(Math.Min(4, plan.Runners), cancel);

        var evidence = await stage.EvidenceAsync(load);
        return new QueueResult(stage.Judge(evidence), evidence, _done, stage.Crew.Starts);
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["Runner:LeaseDuration"] = $"{plan.Lease}",
        ["Runner:HeartbeatInterval"] = $"{plan.Lease / 4}",
        ["Runner:RescueInterval"] = "00:00:00.300",
        ["Runner:DrainTimeout"] = "00:00:01",
        ["Runner:MaxConcurrentTasks"] = "12",
        ["Runner:MaxConcurrentTasksPerCluster"] = "8",
    };

    private async Task FollowAsync(IReadOnlyList<Fault> faults, Stage stage, CancellationToken cancel)
    {
        var begun = Stopwatch.StartNew();
        var under = new List<Task>();
        var told = TimeSpan.Zero;
        foreach (var fault in faults)
        {
            if (fault.At - begun.Elapsed is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, clock, cancel);
            }

            under.Add(CauseAsync(fault, stage, cancel));
            if (begun.Elapsed - told > TimeSpan.FromSeconds(15))
            {
                told = begun.Elapsed;
                await output.WriteLineAsync($"{told.TotalSeconds,5:F0} s: {stage.Crew.Lives.Count(l => l.KilledAt is not null)} killed");
            }
        }

        await stage.Crew.ResizeAsync(plan.Runners); // what a slow machine is behind with is shared by all
        await Task.WhenAll(under);
    }

    private async Task CauseAsync(Fault fault, Stage stage, CancellationToken cancel)
    {
        var happened = fault.Kind switch
        {
            FaultKind.Kill => await stage.Crew.KillAsync(fault.Place, fault.AtOnce ? null : fault.Lasts),
            FaultKind.Stop => await stage.Crew.StopAsync(fault.Place, fault.Lasts),
            FaultKind.Terminate => await stage.Crew.TerminateAsync(fault.Place) is not null,
            FaultKind.Resize => await ResizeAsync(stage.Crew, fault.Place),
            FaultKind.Disconnect => await DisconnectAsync(stage.Database, cancel),
            FaultKind.RestartPostgres => await RestartAsync(),
            _ => throw new UnreachableException(),
        };
        if (happened)
        {
            lock (_done)
            {
                _done[fault.Kind] = _done.GetValueOrDefault(fault.Kind) + 1;
            }
        }
    }

    private static async Task<bool> ResizeAsync(RunnerCrew crew, int count)
    {
        await crew.ResizeAsync(count);
        return true;
    }

    private static async Task<bool> DisconnectAsync(ChaosDatabase database, CancellationToken cancel)
    {
        try
        {
            await database.DisconnectAllAsync(cancel);
            return true;
        }
        catch (Exception e) when (DatabaseTroubles.IsTrouble(e))
        {
            return false; // it was just being restarted
        }
    }

    /// <summary>One after the other: a server that is just starting cannot be restarted.</summary>
    private async Task<bool> RestartAsync()
    {
        if (server.RestartScript is null)
        {
            return false;
        }

        Task mine;
        lock (_done)
        {
            mine = _restarts = AfterAsync(_restarts);
        }

        await mine;
        return true;

        async Task AfterAsync(Task earlier)
        {
            await earlier;
            await server.RestartAsync();
        }
    }
}

/// <param name="Faults">How often each kind really happened.</param>
internal sealed record QueueResult(
    Verdict Verdict, Evidence Evidence, IReadOnlyDictionary<FaultKind, int> Faults, IReadOnlyList<TimeSpan> Starts);
