using System.Globalization;

namespace Platz.Bench.Peers;

/// <summary>One job of another queue, as its program tells of it. Times are seconds since 1970.</summary>
internal sealed record PeerJob(string Key, int Number, double Begun, double Ended)
{
    /// <returns>Null for a line that tells of something else.</returns>
    public static PeerJob? Read(string line) => line.Split(' ') is ["job", var key, var number, var begun, var ended]
        ? new PeerJob(key, int.Parse(number, CultureInfo.InvariantCulture), Seconds(begun), Seconds(ended))
        : null;

    private static double Seconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What came of the jobs of one round.</summary>
/// <param name="Done">Different ones.</param>
/// <param name="Again">Those done another time.</param>
/// <param name="AtOnce">Those begun while another of their key ran.</param>
/// <param name="OutOfTurn">Those begun after one of their key that was enqueued later.</param>
/// <param name="Speed">Jobs a second, from the first begin to the last end.</param>
internal sealed record PeerVerdict(int Done, int Again, int AtOnce, int OutOfTurn, double Speed)
{
    public static PeerVerdict Of(IReadOnlyCollection<PeerJob> jobs)
    {
        var done = jobs.Select(job => job.Number).Distinct().Count();
        var (atOnce, outOfTurn) = (0, 0);
        foreach (var line in jobs.GroupBy(job => job.Key))
        {
            var (ended, last) = (double.MinValue, int.MinValue);
            foreach (var job in line.OrderBy(job => job.Begun))
            {
                atOnce += job.Begun < ended ? 1 : 0;
                outOfTurn += job.Number < last ? 1 : 0;
                (ended, last) = (Math.Max(ended, job.Ended), Math.Max(last, job.Number));
            }
        }

        return new PeerVerdict(
            done, jobs.Count - done, atOnce, outOfTurn, jobs.Count / (jobs.Max(j => j.Ended) - jobs.Min(j => j.Begun)));
    }
}
