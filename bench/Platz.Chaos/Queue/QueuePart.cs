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

    /// <summary>
    /// In rounds, each a campaign of its own with the next seed: what has been judged stays so when a later one is cut short.
    /// </summary>
    public async Task<ChaosReport> RunAsync(ChaosArguments arguments, string folder, CancellationToken cancel)
    {
        var seed = arguments.Number("--seed", RandomNumberGenerator.GetInt32(int.MaxValue));
        var rounds = Math.Max(1, arguments.Number("--rounds", 1));
        var (kills, minutes) = (arguments.Number("--kills", 1000), arguments.Number("--minutes", 10));
        var tally = new QueueTally();
        var all = new Dictionary<string, double>();
        for (var round = 0; round < rounds; round++)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, $"{round}")).FullName;
            var plan = new FaultPlan(seed + round, kills, TimeSpan.FromMinutes(minutes), Lease: TimeSpan.FromSeconds(2));
            var (report, result) = await RoundAsync(plan, place, cancel);
            if (rounds == 1)
            {
                return report;
            }

            await report.TellAsync(arguments.Without("--rounds"), Console.Out);
            tally += QueueTally.Of(result);
            foreach (var (name, figure) in report.Figures)
            {
                all[name] = IsTime(name) ? Math.Max(all.GetValueOrDefault(name), figure) : all.GetValueOrDefault(name) + figure;
            }
        }

        var headline = tally.Headline($"in {rounds} rounds, seeds {seed} to {seed + rounds - 1}");
        return new ChaosReport(Name, seed, all, headline, tally.Verdict.Holds)
        {
            File = $"queue-{seed}-and-{rounds - 1}-more",
            Breaches = tally.Verdict.Breaches,
        };
    }

    private async Task<(ChaosReport Report, QueueResult Result)> RoundAsync(
        FaultPlan plan, string folder, CancellationToken cancel)
    {
        var schedule = plan.Draw();
        Console.WriteLine($"Seed {plan.Seed}: {schedule.Count} faults in {plan.Lasts.TotalMinutes} minutes, "
            + $"schedule {FaultPlan.Digest(schedule)}");
        var result = await new QueueCampaign(Server.Given, plan, Console.Out, TimeProvider.System).RunAsync(folder, cancel);
        var headline = QueueTally.Of(result).Headline($"with seed {plan.Seed}");
        var report = new ChaosReport(Name, plan.Seed, Figures(result), headline, result.Verdict.Holds)
        {
            Breaches = result.Verdict.Breaches,
            Schedule = schedule,
        };
        return (report, result);
    }

    private static Dictionary<string, double> Figures(QueueResult result)
    {
        var (evidence, verdict) = (result.Evidence, result.Verdict);
        var figures = Enum.GetValues<FaultKind>().ToDictionary(k => $"{k}", k => (double)result.Faults.GetValueOrDefault(k));
        figures["Kills that hit a running task"] = QueueTally.Of(result).Running;
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

    /// <summary>Of several rounds the longest counts.</summary>
    private static bool IsTime(string figure) => figure.EndsWith(" s", StringComparison.Ordinal);
}
