using System.Collections.Concurrent;
using System.Globalization;

namespace Platz.Peers;

/// <summary>
/// What the jobs of this process did, in seconds since 1970. Not an instance: Hangfire calls jobs, Quartz makes them.
/// </summary>
internal static class Ledger
{
    private static readonly ConcurrentQueue<Entry> s_entries = [];
    private static readonly TaskCompletionSource s_finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static int s_left;

    public static double Now => Seconds(TimeProvider.System.GetUtcNow());

    public static double Seconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <returns>Ends when so many jobs are done.</returns>
    public static Task ExpectAsync(int jobs)
    {
        s_left = jobs;
        return s_finished.Task;
    }

    /// <param name="claimed">When the queue gave it to this process; null where that is not told.</param>
    /// <param name="begun">When it was called.</param>
    public static void Note(Job job, double? claimed, double begun)
    {
        s_entries.Enqueue(new Entry(job, claimed, begun, Now));
        if (Interlocked.Decrement(ref s_left) == 0)
        {
            s_finished.TrySetResult();
        }
    }

    /// <summary>The lines that the bench reads: <c>bench/queues/peer.mjs</c> says which.</summary>
    public static IEnumerable<string> Lines(bool ofStarts) => s_entries.Select(entry => ofStarts
        ? string.Create(CultureInfo.InvariantCulture,
            $"start {entry.Job.Queued:F6} {entry.Claimed ?? entry.Begun:F6} {entry.Begun:F6}")
        : string.Create(CultureInfo.InvariantCulture,
            $"job {entry.Job.Key} {entry.Job.Number} {entry.Begun:F6} {entry.Ended:F6}"));

    private sealed record Entry(Job Job, double? Claimed, double Begun, double Ended);
}
