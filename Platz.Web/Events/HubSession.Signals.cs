using Platz.Core.Data;

namespace Platz.Web.Events;

/// <summary>What wakes it, and what ends it. Nothing here may wait: the stream tells on the thread that listens.</summary>
internal sealed partial class HubSession
{
    private void Hear(Change? change)
    {
        if (change is null || EventScope.IsAboutRights(change, own))
        {
            Distrust();
        }
    }

    private void Distrust()
    {
        _isStale = true;
        Ring();
    }

    private void Recheck()
    {
        _isDue = true;
        Distrust();
    }

    private void Move()
    {
        if (stream.LeavesBehind(_told))
        {
            End(EndReason.TooSlow);
        }

        Ring();
    }

    private void Ring()
    {
        lock (_bell)
        {
            if (_bell.CurrentCount == 0)
            {
                _bell.Release();
            }
        }
    }

    /// <summary>One call at a time comes in over a connection.</summary>
    private bool MayCall()
    {
        var now = clock.GetUtcNow();
        _calls = now - _calls.Since < TimeSpan.FromMinutes(1) ? _calls with { Count = _calls.Count + 1 } : (now, 1);
        if (_calls.Count <= MostCallsInAMinute)
        {
            return true;
        }

        End(EndReason.TooMany);
        return false;
    }

    private async Task LeaveAsync(EndReason reason)
    {
        try
        {
            await client.Ending(reason).WaitAsync(s_patience, clock);
        }
        catch (Exception e)
        {
            LogGone(log, e.Message);
        }

        Abort();
    }

    [LoggerMessage(LogLevel.Error, "A client could not be told of a change")]
    private static partial void LogFailed(ILogger log, Exception e);

    [LoggerMessage(LogLevel.Debug, "An event client went without a word: {Reason}")]
    private static partial void LogGone(ILogger log, string reason);
}
