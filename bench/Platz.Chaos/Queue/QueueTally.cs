using Platz.Chaos.Judging;
using Platz.Chaos.Schedules;

namespace Platz.Chaos.Queue;

/// <summary>What one round or several come to.</summary>
internal sealed record QueueTally(int Kills, int Running, int Stops, int Disconnects, int Crashes, int Tasks, Verdict Verdict)
{
    public QueueTally()
        : this(0, 0, 0, 0, 0, 0, new Verdict([]))
    {
    }

    public static QueueTally Of(QueueResult result)
    {
        var (faults, evidence) = (result.Faults, result.Evidence);
        return new QueueTally(
            faults.GetValueOrDefault(FaultKind.Kill), evidence.Runs.Count(r => r.Killed),
            faults.GetValueOrDefault(FaultKind.Stop), faults.GetValueOrDefault(FaultKind.Disconnect),
            faults.GetValueOrDefault(FaultKind.RestartPostgres), evidence.Tasks.Count, result.Verdict);
    }

    public static QueueTally operator +(QueueTally a, QueueTally b) => new(
        a.Kills + b.Kills, a.Running + b.Running, a.Stops + b.Stops, a.Disconnects + b.Disconnects, a.Crashes + b.Crashes,
        a.Tasks + b.Tasks, new Verdict([.. a.Verdict.Breaches, .. b.Verdict.Breaches], a.Verdict.Excused + b.Verdict.Excused));

    public string Headline(string seeds) =>
        $"{(Verdict.Holds ? "Every promise held" : "A PROMISE WAS BROKEN")} {seeds}: "
        + $"{Kills:N0} kills ({Running:N0} running tasks hit), {Stops:N0} stops, {Disconnects:N0} mass disconnects, "
        + $"{Crashes:N0} crashes of PostgreSQL, {Tasks:N0} tasks: {Verdict}.";
}
