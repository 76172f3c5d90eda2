namespace Platz.Sandbox.Faults;

/// <summary>Everything that can be made to go wrong, by tests in process or over HTTP.</summary>
public sealed class FaultSwitches(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly List<CallFault> _calls = [];
    private readonly List<DropSignal> _watches = [];
    private readonly List<DropSignal> _logs = [];
    private readonly Queue<long> _logCuts = [];
    private readonly List<HelmScript> _scripts = [];
    private int _expiredWatches;
    private DateTimeOffset _refusedUntil;

    /// <summary>Raised when connections shall be refused from now on.</summary>
    internal event Action? Refusing;

    /// <summary>Raised when the node goes away or comes back.</summary>
    internal event Action? NodeChanged;

    /// <summary>What goes wrong at the ingress.</summary>
    public IngressFaults Ingress { get; } = new();

    /// <summary>No pod finds a node while it is set.</summary>
    public bool Unschedulable { get; set; }

    public bool IsNodeLost { get; private set; }

    public DateTimeOffset RefusedUntil
    {
        get
        {
            lock (_gate)
            {
                return _refusedUntil;
            }
        }
    }

    public void Add(CallFault fault)
    {
        lock (_gate)
        {
            _calls.Add(fault);
        }
    }

    /// <summary>The next helm pod (or the next of that name) runs this instead of helm.</summary>
    public void Add(HelmScript script)
    {
        lock (_gate)
        {
            _scripts.Add(script);
        }
    }

    public void ExpireNextWatches(int count)
    {
        lock (_gate)
        {
            _expiredWatches += count;
        }
    }

    /// <summary>Ends every open watch, as a dying server would or (cleanly) as a stopping one.</summary>
    public void DropWatches(bool cleanly) => Drop(_watches, cleanly);

    /// <summary>Cuts every open log stream.</summary>
    public void DropLogs() => Drop(_logs, cleanly: false);

    /// <summary>Cuts the next log stream after so many bytes, most likely within a line.</summary>
    public void CutNextLog(long afterBytes)
    {
        lock (_gate)
        {
            _logCuts.Enqueue(afterBytes);
        }
    }

    public void RefuseConnections(TimeSpan time)
    {
        lock (_gate)
        {
            _refusedUntil = clock.GetUtcNow() + time;
        }

        Refusing?.Invoke();
    }

    /// <summary>
    /// The node stops: its processes die, its pods fail with NodeLost, nothing is scheduled until it is back.
    /// </summary>
    public void SetNodeLost(bool lost)
    {
        IsNodeLost = lost;
        NodeChanged?.Invoke();
    }

    public void Reset()
    {
        lock (_gate)
        {
            _calls.Clear();
            _logCuts.Clear();
            _scripts.Clear();
            _expiredWatches = 0;
            _refusedUntil = default;
        }

        Ingress.Reset();
        Unschedulable = false;
        if (IsNodeLost)
        {
            SetNodeLost(false);
        }
    }

    internal bool TakeExpiredWatch()
    {
        lock (_gate)
        {
            return _expiredWatches > 0 && _expiredWatches-- > 0;
        }
    }

    internal long? TakeLogCut()
    {
        lock (_gate)
        {
            return _logCuts.TryDequeue(out var bytes) ? bytes : null;
        }
    }

    internal CallFault? TakeCall(string method, string path)
    {
        lock (_gate)
        {
            if (_calls.FirstOrDefault(fault => fault.Concerns(method, path)) is not { } found)
            {
                return null;
            }

            _calls.Remove(found);
            if (found.Count > 1)
            {
                _calls.Add(found with { Count = found.Count - 1 });
            }

            return found;
        }
    }

    internal HelmScript? TakeScript(string pod)
    {
        lock (_gate)
        {
            var script = _scripts.FirstOrDefault(script => script.Pod is null || script.Pod == pod);
            if (script is not null)
            {
                _scripts.Remove(script);
            }

            return script;
        }
    }

    internal DropSignal NewWatch() => NewSignal(_watches);

    internal DropSignal NewLog() => NewSignal(_logs);

    private DropSignal NewSignal(List<DropSignal> signals)
    {
        var signal = new DropSignal(ended =>
        {
            lock (_gate)
            {
                signals.Remove(ended);
            }
        });
        lock (_gate)
        {
            signals.Add(signal);
        }

        return signal;
    }

    private void Drop(List<DropSignal> signals, bool cleanly)
    {
        List<DropSignal> open;
        lock (_gate)
        {
            open = [.. signals];
        }

        foreach (var signal in open)
        {
            signal.Drop(cleanly);
        }
    }
}

/// <summary>One open stream that a switch can end.</summary>
internal sealed class DropSignal(Action<DropSignal> ended) : IDisposable
{
    private readonly CancellationTokenSource _dropped = new();

    public CancellationToken Token => _dropped.Token;

    public bool IsCancellationRequested => _dropped.IsCancellationRequested;

    public bool Cleanly { get; private set; }

    public void Drop(bool cleanly)
    {
        Cleanly = cleanly;
        try
        {
            _dropped.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // it ended by itself at the same moment
        }
    }

    public void Dispose()
    {
        ended(this);
        _dropped.Dispose();
    }
}

/// <summary>
/// What happens to the next <paramref name="Count"/> calls of this method whose path holds this text: an answer with
/// <paramref name="Code"/>, a delay, or the work done and the connection cut before the answer.
/// </summary>
public sealed record CallFault(
    int Count = 1,
    int? Code = null,
    double DelaySeconds = 0,
    bool AnswerLost = false,
    string? Method = null,
    string? Path = null)
{
    public bool Concerns(string method, string path) =>
        (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || path.Contains(Path, StringComparison.Ordinal));
}
