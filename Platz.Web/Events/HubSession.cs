using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Web.Events;

/// <summary>
/// One connection to <see cref="EventsHub"/>: a position in the <see cref="EventStream"/> that moves on as the client takes
/// what it subscribed to, as far as its identity may see that at the moment of telling. Nothing is kept for a client
/// but that position.
/// </summary>
internal sealed partial class HubSession(
    EventStream stream, IEventsClient client, IReadOnlySet<Guid> own, TimeProvider clock, ILogger log) : IDisposable
{
    private const int Batch = 100;
    private const int MostCallsInAMinute = 120;

    /// <summary>How old rights may be where nobody tells of a change; as often the client is told where it is.</summary>
    private static readonly TimeSpan s_recheck = TimeSpan.FromSeconds(30);

    /// <summary>For a client to take its farewell.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _bell = new(1, 1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private Subscriptions _subscriptions = Subscriptions.None;
    private Grants _grants = Grants.None;
    private EventPosition _told = stream.End;
    private EventPosition _reached = stream.End;
    private (DateTimeOffset Since, int Count) _calls;
    private volatile bool _isStale = true;
    private volatile bool _isDue;
    private int _isEnding;

    /// <summary>What the identity may see now; null when it is none any more.</summary>
    public required Func<CancellationToken, Task<Grants?>> Rights { get; init; }

    /// <summary>Cuts the connection.</summary>
    public required Action Abort { get; init; }

    /// <summary>Tells what there is to tell, until the connection ends.</summary>
    public async Task RunAsync()
    {
        stream.RightsChanged += Hear;
        stream.Moved += Move;
        await using var rechecks = clock.CreateTimer(_ => Recheck(), null, s_recheck, s_recheck);
        try
        {
            while (true)
            {
                await _bell.WaitAsync(_end.Token);
                await InTurnAsync(TellOfAllAsync);
            }
        }
        catch (Exception e) when (_end.IsCancellationRequested || e is OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone, its request with it, or is being sent away.
        }
        catch (Exception e)
        {
            LogFailed(log, e);
            End(EndReason.Fault);
        }
        finally
        {
            stream.RightsChanged -= Hear;
            stream.Moved -= Move;
        }
    }

    public async Task<SubscribeAnswer> SubscribeAsync(IReadOnlyList<Subscription> wanted, EventPosition? after)
    {
        if (!MayCall())
        {
            return SubscribeAnswer.Refusal(EndReason.TooMany.Message);
        }

        foreach (var one in wanted)
        {
            if (one?.Table is not { } table || !EventScope.Has(table))
            {
                return SubscribeAnswer.Refusal($"There are no events of '{one?.Table}'.");
            }
        }

        if (Subscriptions.None.With(wanted) is not { } more || _subscriptions.With(wanted) is not { } all)
        {
            return SubscribeAnswer.Refusal($"At most {Subscriptions.Most} subscriptions.");
        }

        var answer = SubscribeAnswer.Refusal("This connection ends.");
        try
        {
            await InTurnAsync(async () =>
            {
                await TellOfAllAsync();
                var isWhole = after is null || await CatchUpAsync(more, after);
                _subscriptions = all;
                answer = new(_told.Stream, _told.Sequence, !isWhole, Refused: null);
            });
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Nobody hears the answer.
        }

        return answer;
    }

    public void Unsubscribe(IReadOnlyList<Subscription> from)
    {
        if (MayCall())
        {
            _subscriptions = _subscriptions.Without(from);
        }
    }

    /// <summary>Tells why, as far as the client still listens, and cuts the connection.</summary>
    public void End(EndReason reason)
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 0)
        {
            _end.Cancel();
            _ = LeaveAsync(reason);
        }
    }

    /// <summary>The client has gone.</summary>
    public void Dispose()
    {
        _isEnding = 1;
        _end.Cancel();
    }

    private async Task InTurnAsync(Func<Task> tell)
    {
        await _turn.WaitAsync(_end.Token);
        try
        {
            await tell();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TellOfAllAsync()
    {
        if (stream.End is var end && end.Stream != _told.Stream)
        {
            _told = _reached = end;
            await client.Reset(end);
        }

        while (await IsTrustedAsync() && stream.After(_told, Batch) is { Count: > 0 } events)
        {
            foreach (var one in events)
            {
                if (!await TellAsync(one, _subscriptions))
                {
                    return;
                }

                _told = _told with { Sequence = one.Sequence };
            }
        }

        var isDue = _isDue;
        _isDue = false;
        if (isDue && _told != _reached)
        {
            _reached = _told;
            await client.Reached(_told);
        }
    }

    /// <returns>Whether all of it could be told.</returns>
    private async Task<bool> CatchUpAsync(Subscriptions wanted, EventPosition after)
    {
        var at = after;
        while (at.Sequence < _told.Sequence)
        {
            if (stream.After(at, (int)Math.Min(Batch, _told.Sequence - at.Sequence)) is not { Count: > 0 } events)
            {
                return false;
            }

            foreach (var one in events)
            {
                if (!await TellAsync(one, wanted))
                {
                    return false;
                }
            }

            at = at with { Sequence = events[^1].Sequence };
        }

        return at == _told;
    }

    private async Task<bool> TellAsync(NumberedEvent one, Subscriptions wanted)
    {
        if (wanted.Include(one.Table, one.EnvId))
        {
            if (!await IsTrustedAsync())
            {
                return false;
            }

            if (_grants.Sees(one.Table, one.EnvId))
            {
                await client.Changed(one);
            }
        }

        return !_end.IsCancellationRequested;
    }

    private async Task<bool> IsTrustedAsync()
    {
        if (!_isStale)
        {
            return true;
        }

        _isStale = false;
        try
        {
            if (await Rights(_end.Token) is { } now)
            {
                _grants = now;
                return true;
            }
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            _isStale = true; // until it is back nobody is told anything
            return false;
        }

        End(EndReason.Revoked);
        return false;
    }
}
