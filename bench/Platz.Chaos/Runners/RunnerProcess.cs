using System.Diagnostics;
using Platz.Chaos.Judging;

namespace Platz.Chaos.Runners;

/// <summary>One runner, from its start to its end; what happened to it is written down for the judge.</summary>
internal sealed class RunnerProcess : IDisposable
{
    private readonly Process _process;
    private readonly TimeProvider _clock;
    private readonly Task _output;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Standstill> _stops = [];
    private DateTimeOffset? _stoppedAt;

    private RunnerProcess(string name, Process process, TimeProvider clock)
    {
        (Name, _process, _clock) = (name, process, clock);
        StartedAt = clock.GetUtcNow();
        _output = Task.WhenAll(ListenAsync(process.StandardOutput), ListenAsync(process.StandardError));
    }

    public string Name { get; }

    public int Id => _process.Id;

    public DateTimeOffset StartedAt { get; }

    /// <summary>From its start until it worked.</summary>
    public TimeSpan? StartTook { get; private set; }

    /// <summary>It has ended and all of it is written down.</summary>
    public bool IsGone { get; set; }

    public bool HasExited => _process.HasExited;

    /// <summary>What it had to say, at most so much that a reader sees what was wrong.</summary>
    public List<string> Complaints { get; } = [];

    public RunnerLife Life => new(Name, KilledAt, [.. _stops]);

    private DateTimeOffset? KilledAt { get; set; }

    public static RunnerProcess Start(
        string name, ProcessStartInfo command, IEnumerable<KeyValuePair<string, string?>> settings, TimeProvider clock)
    {
        command.RedirectStandardInput = command.RedirectStandardOutput = command.RedirectStandardError = true;
        foreach (var (key, value) in settings)
        {
            command.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new RunnerProcess(name, Process.Start(command)!, clock);
    }

    /// <summary>Until it works, or is gone.</summary>
    public Task ReadyAsync(TimeSpan patience) => Task.WhenAny(_ready.Task, _output, Task.Delay(patience, _clock));

    public async Task KillAsync()
    {
        if (!HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        KilledAt ??= _clock.GetUtcNow();
        EndStop();
        await _output;
    }

    public async Task StopForAsync(TimeSpan time)
    {
        _stoppedAt = _clock.GetUtcNow();
        Signals.Send(Id, Signals.Stop);
        await Task.Delay(time, _clock);
        Resume();
    }

    public void Resume()
    {
        if (!HasExited)
        {
            Signals.Send(Id, Signals.Continue);
        }

        EndStop();
    }

    /// <returns>How long it took to end after SIGTERM.</returns>
    public async Task<TimeSpan> TerminateAsync()
    {
        var begun = Stopwatch.StartNew();
        Signals.Send(Id, Signals.Terminate);
        await _process.WaitForExitAsync();
        await _output;
        return begun.Elapsed;
    }

    public void Dispose() => _process.Dispose();

    private void EndStop()
    {
        if (_stoppedAt is { } since)
        {
            _stops.Add(new Standstill(since, _clock.GetUtcNow()));
            _stoppedAt = null;
        }
    }

    private async Task ListenAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line == NoOpRunner.Ready)
            {
                StartTook = _clock.GetUtcNow() - StartedAt;
                _ready.TrySetResult();
            }
            else if (Complaints.Count < 20)
            {
                Complaints.Add(line);
            }
        }
    }
}
