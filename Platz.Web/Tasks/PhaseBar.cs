using Platz.Core.Tasks;

namespace Platz.Web.Tasks;

/// <summary>Where a phase lies in the time from the first phase's start to the last one's end.</summary>
/// <param name="Start">In thousandths of that time.</param>
/// <param name="Width">Likewise; never too narrow to be seen.</param>
/// <param name="After">How long after the first phase it began.</param>
public sealed record PhaseBar(DeploymentTaskPhase Phase, int Start, int Width, TimeSpan After, TimeSpan Took)
{
    private const int Whole = 1000;
    private const int Narrowest = 8;

    public string Outcome => Phase.Outcome?.ToString().ToLowerInvariant() ?? "running";

    public static IReadOnlyList<PhaseBar> Of(IReadOnlyList<DeploymentTaskPhase> phases, DateTimeOffset now)
    {
        if (phases.Count == 0)
        {
            return [];
        }

        var first = phases.Min(phase => phase.StartedAt);
        var last = phases.Max(phase => End(phase, now));
        var whole = Math.Max(1, (last - first).Ticks);
        return
        [
            .. phases.Select(phase =>
            {
                var (after, took) = (phase.StartedAt - first, End(phase, now) - phase.StartedAt);
                var width = Math.Max(Narrowest, Part(took));
                return new PhaseBar(phase, Math.Min(Part(after), Whole - width), width, after, took);
            }),
        ];

        int Part(TimeSpan time) => (int)(time.Ticks * (double)Whole / whole);
    }

    /// <summary>The clock of this process may be behind the database's.</summary>
    private static DateTimeOffset End(DeploymentTaskPhase phase, DateTimeOffset now) =>
        phase.FinishedAt ?? (now < phase.StartedAt ? phase.StartedAt : now);
}
