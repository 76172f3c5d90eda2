using System.Globalization;

namespace Platz.Bench.Latency;

/// <summary>From the queueing of one job to its start. Times are seconds since 1970, all of one clock.</summary>
/// <param name="Queued">As its row has it, written in the transaction that queued it.</param>
/// <param name="Claimed">As its row has it, written by the claim.</param>
/// <param name="Begun">When the work itself was called.</param>
internal sealed record JobStart(double Queued, double Claimed, double Begun)
{
    /// <returns>Null for a line that tells of something else.</returns>
    public static JobStart? Read(string line) => line.Split(' ') is ["start", var queued, var claimed, var begun]
        ? new JobStart(Seconds(queued), Seconds(claimed), Seconds(begun))
        : null;

    /// <summary>Without those queued in the first seconds, in which programs and caches warm up.</summary>
    public static IEnumerable<JobStart> Warm(IReadOnlyCollection<JobStart> starts, int seconds)
    {
        var first = starts.Min(start => start.Queued);
        return starts.Where(start => start.Queued >= first + seconds);
    }

    private static double Seconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
