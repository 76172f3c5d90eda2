using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>
/// A container that only pretends: it writes lines, takes its time and ends the way its pod asks for.
/// </summary>
internal sealed class SimulatedProcess(JsonObject pod, JsonObject container, TimeProvider clock) : IContainerProcess
{
    private static readonly TimeSpan s_crashAfter = TimeSpan.FromMilliseconds(200);

    private readonly PodAnnotations _wish = PodAnnotations.Of(pod);
    private readonly bool _runsForever = pod.Text("spec", "restartPolicy") == "Always";

    public async Task<ContainerExit> RunAsync(ContainerLog log, CancellationToken term, CancellationToken kill)
    {
        var stop = _wish.IgnoresTerm ? kill : term;
        var script = _wish.SaysAnything ? null : CommandScript.Of(container, _runsForever);
        try
        {
            return script is null
                ? await ActAsync(log, stop)
                : await RunAsync(script, log, stop);
        }
        catch (OperationCanceledException) when (kill.IsCancellationRequested)
        {
            return new ContainerExit(ContainerExit.Killed);
        }
        catch (OperationCanceledException)
        {
            // The first process of a container heeds no SIGTERM but by a handler of its own.
            return script?.OnTerm is { } handler
                ? await RunAsync(handler, log, kill)
                : new ContainerExit(ContainerExit.Killed);
        }
    }

    private async Task<ContainerExit> ActAsync(ContainerLog log, CancellationToken stop)
    {
        var time = TimeSpan.FromSeconds(_wish.Seconds ?? 0);
        await WriteLinesAsync(log, time, stop);
        switch (_wish.Outcome)
        {
            case PodAnnotations.Crash:
                await WaitAsync(_wish.Seconds is null ? s_crashAfter : time, stop);
                Write(log, "simulated crash");
                return new ContainerExit(1);
            case PodAnnotations.OutOfMemory:
                await WaitAsync(_wish.Seconds is null ? s_crashAfter : time, stop);
                return new ContainerExit(ContainerExit.Killed, "OOMKilled");
            case var _ when _runsForever || _wish.Outcome == PodAnnotations.NeverReady:
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, stop);
                return new ContainerExit(0);
            default:
                await WaitAsync(time, stop);
                return new ContainerExit(0);
        }
    }

    /// <summary>Spreads the wished-for lines over the wished-for time.</summary>
    private async Task WriteLinesAsync(ContainerLog log, TimeSpan time, CancellationToken stop)
    {
        for (var line = 1L; line <= _wish.LogLines; line++)
        {
            Write(log, $"line {line}");
            if (time > TimeSpan.Zero)
            {
                await Task.Delay(time / _wish.LogLines, clock, stop);
            }
        }

        stop.ThrowIfCancellationRequested();
    }

    /// <summary>The time has passed already where lines were spread over it.</summary>
    private Task WaitAsync(TimeSpan time, CancellationToken stop) =>
        _wish.LogLines > 0 ? Task.CompletedTask : Task.Delay(time, clock, stop);

    private async Task<ContainerExit> RunAsync(CommandScript script, ContainerLog log, CancellationToken stop)
    {
        foreach (var step in script.Steps)
        {
            switch (step)
            {
                case CommandStep.Echo echo:
                    Write(log, echo.Text);
                    break;
                case CommandStep.Sleep sleep:
                    await Task.Delay(sleep.Time, clock, stop);
                    break;
                case CommandStep.Forever:
                    await Task.Delay(Timeout.InfiniteTimeSpan, clock, stop);
                    break;
                case CommandStep.Exit exit:
                    return new ContainerExit(exit.Code);
            }
        }

        return new ContainerExit(0);
    }

    private static void Write(ContainerLog log, string line) => log.Append(Encoding.UTF8.GetBytes(line + "\n"));
}
