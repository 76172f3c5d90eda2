using Npgsql;

namespace Platz.Core.Tasks;

/// <summary>
/// Group commit: what comes while a batch is being written goes into the next one, as one statement. Nobody waits for
/// company: what finds nothing under way goes at once.
/// </summary>
/// <param name="writeAsync">
/// Writes those of a batch that nothing stands in the way of, and says which those were: a batch that waited for one of
/// its own would keep all of it waiting.
/// </param>
/// <param name="most">Writes in a batch.</param>
internal sealed class GroupCommit<T>(Func<IReadOnlyList<T>, Task<IReadOnlySet<T>>> writeAsync, int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = [];
    private bool _writing;

    /// <param name="cancel">Takes back what has not been begun; what has is waited for.</param>
    /// <returns>False when it was not written with the others: now it is the caller's to write, alone.</returns>
    public async Task<bool> WriteAsync(T write, CancellationToken cancel)
    {
        var waiting = new Waiting(write);
        bool isFirst;
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            isFirst = !_writing;
            _writing = true;
        }

        if (isFirst)
        {
            // Without the caller's context: others' writes are none of its activity.
            ThreadPool.UnsafeQueueUserWorkItem(static group => _ = group.WriteAllAsync(), this, preferLocal: true);
        }

        await using var taken = cancel.Register(() => waiting.TakeBack(cancel));
        return await waiting.Written;
    }

    private async Task WriteAllAsync()
    {
        while (Next() is { Count: > 0 } batch)
        {
            try
            {
                var written = await writeAsync([.. batch.Select(one => one.Write)]);
                batch.ForEach(one => one.End(written.Contains(one.Write)));
            }
            catch (Exception e) when (e is PostgresException or NpgsqlException { InnerException: TimeoutException })
            {
                batch.ForEach(one => one.End(written: false)); // the fault of one, perhaps: alone, each meets its own
            }
            catch (Exception e)
            {
                batch.ForEach(one => one.End(e));
            }
        }
    }

    private List<Waiting> Next()
    {
        lock (_lock)
        {
            var batch = new List<Waiting>(Math.Min(most, _waiting.Count));
            while (batch.Count < most && _waiting.TryDequeue(out var next))
            {
                if (next.Begin())
                {
                    batch.Add(next);
                }
            }

            _writing = batch.Count > 0;
            return batch;
        }
    }

    private sealed class Waiting(T write)
    {
        private readonly TaskCompletionSource<bool> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _isDecided; // begun, or taken back

        public T Write => write;

        public Task<bool> Written => _end.Task;

        public bool Begin() => Interlocked.Exchange(ref _isDecided, 1) == 0;

        public void TakeBack(CancellationToken cancel)
        {
            if (Begin())
            {
                _end.TrySetCanceled(cancel);
            }
        }

        public void End(bool written) => _end.TrySetResult(written);

        public void End(Exception error) => _end.TrySetException(error);
    }
}
