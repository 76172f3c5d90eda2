namespace Platz.Chaos.Judging;

/// <summary>Two attempts at tasks of one deployment at the same time.</summary>
internal static class Overlaps
{
    /// <summary>
    /// How long a process that wakes may need until it has seen that its lease is over: it looks ten times a second.
    /// </summary>
    private static readonly TimeSpan s_waking = TimeSpan.FromMilliseconds(500);

    /// <returns>The overlaps that nothing excuses, and how many a standstill does.</returns>
    public static (List<Breach> Breaches, int Excused) Of(IEnumerable<Run> runs)
    {
        var (breaches, excused) = (new List<Breach>(), 0);
        foreach (var deployment in runs.GroupBy(r => r.Deployment))
        {
            var active = new List<Run>();
            foreach (var run in deployment.OrderBy(r => r.Begin))
            {
                active.RemoveAll(other => other.End <= run.Begin);
                foreach (var other in active)
                {
                    if (IsExcused(other, run))
                    {
                        excused++;
                    }
                    else
                    {
                        breaches.Add(new Breach(Promise.Alone, run.Task, Describe(other, run)));
                    }
                }

                active.Add(run);
            }
        }

        return (breaches, excused);
    }

    /// <summary>All that the run did between the two moments it did in a standstill, or just after waking from one.</summary>
    public static bool IsWaking(Run run, DateTimeOffset from, DateTimeOffset to) =>
        run.Standstills.Any(s => s.From <= from && to <= s.To + s_waking);

    private static bool IsExcused(Run earlier, Run later)
    {
        var end = earlier.End < later.End ? earlier.End : later.End;
        return IsWaking(earlier, later.Begin, end) || IsWaking(later, later.Begin, end);
    }

    private static string Describe(Run earlier, Run later) =>
        $"began (fence {later.Fence}) at {later.Begin:HH:mm:ss.fff}, while {earlier.Task} (fence {earlier.Fence}) of the same "
        + $"deployment ran from {earlier.Begin:HH:mm:ss.fff} to {earlier.End:HH:mm:ss.fff}";
}
