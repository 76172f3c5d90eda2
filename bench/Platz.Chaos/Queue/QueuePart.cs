using System.Security.Cryptography;
using Platz.Chaos.Databases;
using Platz.Chaos.Judging;
using Platz.Chaos.Schedules;
using Platz.Core.Tasks;

namespace Platz.Chaos.Queue;

/// <summary>The queue under fire: kills, stops, cut sessions, crashes of PostgreSQL.</summary>
internal sealed class QueuePart : IPart
{
    public string Name => "queue";

    public string About => "runners of no-ops that are killed and stopped, PostgreSQL that crashes, cancels";

    public async Task<ChaosReport> RunAsync(ChaosArguments arguments, string folder, CancellationToken cancel)
    {
        var seed = arguments.Number("--seed", RandomNumberGenerator.GetInt32(int.MaxValue));
        var plan = new FaultPlan(
            seed, arguments.Number("--kills", 1000), TimeSpan.FromMinutes(arguments.Number("--minutes", 10)),
            Lease: TimeSpan.FromSeconds(2));
        var schedule = plan.Draw();
        Console.WriteLine($"Seed {seed}: {schedule.Count} faults in {plan.Lasts.TotalMinutes} minutes, "
            + $"schedule {FaultPlan.Digest(schedule)}");
        var result = await new QueueCampaign(Server.Given, plan, Console.Out, TimeProvider.System).RunAsync(folder, cancel);
        return new ChaosReport(Name, seed, Figures(result), Headline(seed, result), result.Verdict.Holds)
        {
            Breaches = result.Verdict.Breaches,
            Schedule = schedule,
        };
    }

    private static Dictionary<string, double> Figures(QueueResult result)
    {
        var (evidence, verdict) = (result.Evidence, result.Verdict);
        var figures = Enum.GetValues<FaultKind>().ToDictionary(k => $"{k}", k => (double)result.Faults.GetValueOrDefault(k));
        figures["Kills that hit a running task"] = Killed(result);
        figures["Tasks"] = evidence.Tasks.Count;
        foreach (var status in Enum.GetValues<DeploymentTaskStatus>())
        {
            figures[$"{status}"] = evidence.Tasks.Count(t => t.Status == status);
        }

        figures["Attempts beyond the first"] = evidence.Tasks.Sum(t => Math.Max(0, t.Attempt - 1));
        figures["Cancels answered"] = evidence.Canceled.Count;
        figures["Overlaps excused by a standstill"] = verdict.Excused;
        figures["Start of a runner, p50 s"] = Percentiles.Of(result.Starts, 0.5);
        foreach (var promise in Enum.GetValues<Promise>())
        {
            figures[$"Breaches of {promise}"] = verdict.Count(promise);
        }

        return figures;
    }

    private static int Killed(QueueResult result) => result.Evidence.Runs.Count(r => r.Killed);

    private static string Headline(int seed, QueueResult result) =>
        $"{(result.Verdict.Holds ? "Every promise held" : "A PROMISE WAS BROKEN")} with seed {seed}: "
        + $"{result.Faults.GetValueOrDefault(FaultKind.Kill):N0} kills ({Killed(result):N0} running tasks hit), "
        + $"{result.Faults.GetValueOrDefault(FaultKind.Stop):N0} stops, "
        + $"{result.Faults.GetValueOrDefault(FaultKind.Disconnect):N0} mass disconnects, "
        + $"{result.Faults.GetValueOrDefault(FaultKind.RestartPostgres):N0} crashes of PostgreSQL, "
        + $"{result.Evidence.Tasks.Count:N0} tasks: {result.Verdict}.";
}
