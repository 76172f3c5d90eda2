namespace Platz.Web.Live;

/// <summary>
/// One query for all circuits that show the same: whoever is woken by a change shares a read, running or finished, that
/// began after that change. What is read must not be changed by anybody.
/// </summary>
public sealed class SharedReads(ChangeFeed feed, TimeProvider clock)
{
    /// <summary>Circuits are told of one change within the pause between two; later there is nobody to share with.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Type, object), SharedRead> _reads = [];

    internal int Count => _reads.Count;

    /// <param name="view">
    /// What is read, compared by value: all that <paramref name="read"/> depends on, and whose eyes it is for where
    /// not everybody may see the same.
    /// </param>
    /// <param name="since">
    /// The number of the change that the reader was told of; null for who has just opened the view or has changed
    /// something: nothing that has been read before will do.
    /// </param>
    /// <param name="read">Is run apart from the reader's circuit, which may go while others wait for the answer.</param>
    public Task<T> ReadAsync<T>(object view, long? since, Func<Task<T>> read)
    {
        var key = (typeof(T), view);
        lock (_lock)
        {
            if (since is { } change && _reads.TryGetValue(key, out var shared) && shared.Began >= change)
            {
                return (Task<T>)shared.Reading;
            }

            var reading = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            var mine = new SharedRead(feed.Sequence, reading.Task);
            _reads[key] = mine;
            _ = Task.Run(() => RunAsync(key, mine, reading, read), CancellationToken.None);
            return reading.Task;
        }
    }

    private async Task RunAsync<T>(
        (Type, object) key, SharedRead mine, TaskCompletionSource<T> reading, Func<Task<T>> read)
    {
        try
        {
            reading.SetResult(await read());
            await Task.Delay(Kept, clock, CancellationToken.None);
        }
        catch (Exception e)
        {
            reading.TrySetException(e); // each reader deals with it, and the next one tries anew
        }

        lock (_lock)
        {
            if (_reads.GetValueOrDefault(key) == mine)
            {
                _reads.Remove(key);
            }
        }
    }

    private sealed class SharedRead(long began, Task reading)
    {
        /// <summary>It sees this change and all before it.</summary>
        public long Began => began;

        public Task Reading => reading;
    }
}
