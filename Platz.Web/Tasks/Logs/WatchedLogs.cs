using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;
using Platz.Web.Live;

namespace Platz.Web.Tasks.Logs;

/// <summary>The logs that are on anybody's screen: each is read once for all who watch it.</summary>
public sealed class WatchedLogs(TaskHistory history, LogReader reader, ChangeFeed feed, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, WatchedLog> _logs = [];

    /// <param name="dispatch">The component's <c>InvokeAsync</c>.</param>
    /// <param name="onChange">Shows what <see cref="LogWatch.Current"/> is by then.</param>
    public async Task<LogWatch> OpenAsync(DeploymentTask task, Func<Func<Task>, Task> dispatch, Func<Task> onChange)
    {
        WatchedLog? log;
        LogWatch watch;
        lock (_lock)
        {
            if (!_logs.TryGetValue(task.Id, out log))
            {
                _logs[task.Id] = log = new WatchedLog(task, history, reader, clock);
                log.Start(feed);
            }

            watch = new LogWatch(log, dispatch, onChange, Close);
            log.Add(watch);
        }

        try
        {
            await log.FirstRead;
            return watch;
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    private void Close(LogWatch watch)
    {
        lock (_lock)
        {
            if (watch.Log.Remove(watch))
            {
                _logs.Remove(watch.Log.TaskId);
                watch.Log.Dispose();
            }
        }
    }
}
