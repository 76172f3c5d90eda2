using k8s;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Helm;

/// <summary>
/// Reads a pod's log to its end, through broken connections and changes of runner, without losing or repeating a line.
/// Every line carries Kubernetes' timestamp: on a new connection the log is read again and lines up to the stored
/// position are skipped. <c>sinceTime</c> would save that, but it counts whole seconds only.
/// </summary>
internal sealed class PodLog(TaskRun run, string pod, string ns, Redactor redactor)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private PodOutput _output = new(redactor, LogPosition.Start);

    /// <inheritdoc cref="PodOutput.LastLines"/>
    public List<string> LastLines => _output.LastLines;

    /// <summary>Goes on where an earlier attempt stopped.</summary>
    public async Task ResumeAsync() =>
        _output = new PodOutput(redactor, LogPosition.Parse(await run.Log.PositionAsync(run.Phase, run.Stop)));

    /// <summary>One connection, until the server ends it.</summary>
    /// <param name="tail">Only the last lines; null for all.</param>
    /// <returns>Whether nothing can be missing in between; a tail of which that is not known is not taken.</returns>
    public async Task<bool> ReadAsync(bool follow, int? tail)
    {
        await using var stream = await run.Place.Cluster.Client.CoreV1.ReadNamespacedPodLogAsync(
            pod, ns, follow: follow, tailLines: tail, timestamps: true, cancellationToken: run.Stop);
        var reading = _output.Read(isTail: tail is not null);
        while (await stream.ReadAsync(_buffer, run.Stop) is > 0 and var read)
        {
            reading.Feed(_buffer.AsSpan(0, read));
            Store();
        }

        return reading.Overlaps;
    }

    /// <summary>Stores what follows the last line break.</summary>
    public void Complete()
    {
        _output.Complete();
        Store();
    }

    private void Store()
    {
        if (_output.Ready.Count == 0)
        {
            return;
        }

        run.Log.Output(run.Phase, _output.Ready, _output.Stored.ToString());
        _output.Ready.Clear();
    }
}
