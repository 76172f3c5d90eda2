using System.Collections.Concurrent;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.Tasks.Logs;

namespace Platz.Web.Api.V2;

/// <summary>What following logs takes, and how many of them one identity may follow at a time.</summary>
internal sealed class LogFollowers(WatchedLogs logs, TaskLog log, ChangeFeed feed, TimeProvider clock)
{
    public const int Most = 5;

    private readonly ConcurrentDictionary<Guid, int> _counts = new();

    public WatchedLogs Logs => logs;

    public TaskLog Log => log;

    public ChangeFeed Feed => feed;

    public TimeProvider Clock => clock;

    /// <returns>To be disposed when it has ended; null where there are too many.</returns>
    public IDisposable? Enter(Guid actor)
    {
        if (_counts.AddOrUpdate(actor, 1, (_, count) => count + 1) <= Most)
        {
            return new Place(this, actor);
        }

        Leave(actor);
        return null;
    }

    private void Leave(Guid actor)
    {
        if (_counts.AddOrUpdate(actor, 0, (_, count) => count - 1) == 0)
        {
            _counts.TryRemove(new(actor, 0));
        }
    }

    private sealed class Place(LogFollowers followers, Guid actor) : IDisposable
    {
        public void Dispose() => followers.Leave(actor);
    }
}
