using System.Text;
using Platz.Sandbox.Faults;

namespace Platz.Sandbox.Kubelet;

/// <summary>Stands in for one helm run: writes what the script says, of whatever size, and ends as it says.</summary>
internal sealed class ScriptedProcess(HelmScript script, TimeProvider clock) : IContainerProcess
{
    private const int Pieces = 20;
    private const int PieceSize = 64 * 1024;

    public async Task<ContainerExit> RunAsync(ContainerLog log, CancellationToken term, CancellationToken kill)
    {
        var stop = script.IgnoresTerm ? kill : term;
        try
        {
            log.Append(Encoding.UTF8.GetBytes(script.Text ?? ""));
            log.Append(Convert.FromBase64String(script.Base64 ?? ""));
            await WritePatternAsync(log, stop);
            log.Append(Encoding.UTF8.GetBytes(script.End ?? ""));
            return new ContainerExit(script.ExitCode);
        }
        catch (OperationCanceledException)
        {
            return new ContainerExit(kill.IsCancellationRequested ? ContainerExit.Killed : ContainerExit.Terminated);
        }
    }

    private async Task WritePatternAsync(ContainerLog log, CancellationToken stop)
    {
        var written = 0L;
        for (var piece = 1; piece <= Pieces; piece++)
        {
            await Task.Delay(TimeSpan.FromSeconds(script.Seconds / Pieces), clock, stop);
            written = Write(log, written, script.Size * piece / Pieces, stop);
        }
    }

    private long Write(ContainerLog log, long from, long to, CancellationToken stop)
    {
        var pattern = Encoding.UTF8.GetBytes(script.Pattern);
        var buffer = new byte[(int)Math.Min(PieceSize, Math.Max(0, to - from))];
        while (from < to)
        {
            stop.ThrowIfCancellationRequested();
            var length = (int)Math.Min(buffer.Length, to - from);
            Fill(buffer.AsSpan(0, length), pattern, (int)(from % pattern.Length));
            log.Append(buffer.AsSpan(0, length));
            from += length;
        }

        return from;
    }

    /// <param name="at">Where in the pattern to begin.</param>
    private static void Fill(Span<byte> buffer, ReadOnlySpan<byte> pattern, int at)
    {
        for (; !buffer.IsEmpty; at = 0)
        {
            var piece = pattern.Slice(at, Math.Min(pattern.Length - at, buffer.Length));
            piece.CopyTo(buffer);
            buffer = buffer[piece.Length..];
        }
    }
}
