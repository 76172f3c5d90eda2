namespace Platz.Core.Tasks;

/// <summary>
/// Group commit: what comes while a batch is being written goes into the next one, as one statement. Nobody waits for
/// company: what finds nothing under way goes at once.
/// </summary>
/// <param name="writeAsync">
/// Writes those of a batch that nobody else has locked, and says which those were: one batch that waited for a lock
/// would keep all of it waiting, and two could wait for each other.
/// </param>
/// <param name="most">Writes in a batch.</param>
internal sealed class GroupCommit<T>(Func<IReadOnlyList<T>, Task<IReadOnlySet<T>>> writeAsync, int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = [];
    private bool _writing;

    /// <param name="cancel">Whoever does not want it any more: what has not been begun is left out.</param>
    /// <returns>False when it could not be written together with others: now it is the caller's to write, alone.</returns>
    public Task<bool> WriteAsync(T write, CancellationToken cancel)
    {
        var waiting = new Waiting(write, cancel);
        bool isFirst;
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            isFirst = !_writing;
            _writing = true;
        }

        if (isFirst)
        {
            _ = WriteAllAsync();
        }

        return waiting.Written.WaitAsync(cancel);
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
            catch (Npgsql.PostgresException)
            {
                batch.ForEach(one => one.End(false)); // one of them at least: alone, each has its own error
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
                if (next.IsWanted)
                {
                    batch.Add(next);
                }
            }

            _writing = batch.Count > 0;
            return batch;
        }
    }

    private sealed class Waiting(T write, CancellationToken cancel)
    {
        private readonly TaskCompletionSource<bool> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public T Write => write;

        public bool IsWanted => !cancel.IsCancellationRequested;

        public Task<bool> Written => _end.Task;

        public void End(bool written) => _end.SetResult(written);

        public void End(Exception error) => _end.SetException(error);
    }
}
