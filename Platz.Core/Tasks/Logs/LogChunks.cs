using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Memory;

namespace Platz.Core.Tasks.Logs;

/// <summary>
/// Lines of logs in pieces that all readers of a process share: each is read once, and however many logs are open, they
/// take no more memory than <see cref="MostBytes"/>.
/// </summary>
public sealed class LogChunks(LogReader reader) : IDisposable
{
    public const long MostBytes = 48 * 1024 * 1024;

    /// <summary>Chunks that one query reads at most.</summary>
    private const int AtOnce = 16;

    private static readonly TimeSpan s_unused = TimeSpan.FromMinutes(2);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostBytes });
    private readonly ConcurrentDictionary<(Guid, long), Lazy<Task<LogChunk>>> _reading = [];

    /// <summary>One chunk. Lines that were dropped since it was read may still be in it: ask the shape.</summary>
    public async Task<LogChunk> GetAsync(Guid taskId, long index, CancellationToken cancel)
    {
        var key = (taskId, index);
        if (_cache.TryGetValue(key, out LogChunk? known))
        {
            return known!;
        }

        // Several at once wait for one read; it does not end with the first of them.
        var reading = _reading.GetOrAdd(key, _ => new(() => ReadOneAsync(taskId, index)));
        return await reading.Value.WaitAsync(cancel);
    }

    /// <summary>Lines in order, of whatever is kept between two numbers.</summary>
    public async IAsyncEnumerable<LogChunk> ReadAsync(
        Guid taskId, long first, long last, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var index = LogChunk.IndexOf(first); index <= LogChunk.IndexOf(last);)
        {
            if (_cache.TryGetValue((taskId, index), out LogChunk? known))
            {
                index++;
                yield return known!;
                continue;
            }

            var end = Math.Min(index + AtOnce, LogChunk.IndexOf(last) + 1);
            foreach (var chunk in await ReadManyAsync(taskId, index, end, cancel))
            {
                yield return chunk;
            }

            index = end;
        }
    }

    public void Dispose() => _cache.Dispose();

    private async Task<LogChunk> ReadOneAsync(Guid taskId, long index)
    {
        try
        {
            return (await ReadManyAsync(taskId, index, index + 1, CancellationToken.None))[0];
        }
        finally
        {
            _reading.TryRemove((taskId, index), out _);
        }
    }

    private async Task<List<LogChunk>> ReadManyAsync(Guid taskId, long from, long to, CancellationToken cancel)
    {
        var (first, last) = (LogChunk.FirstOf(from), LogChunk.FirstOf(to) - 1);
        var lines = await reader.LinesAsync(taskId, first, last, (int)(last - first + 1), cancel);
        var byIndex = lines.ToLookup(line => LogChunk.IndexOf(line.Seq));
        var chunks = new List<LogChunk>();
        for (var index = from; index < to; index++)
        {
            var chunk = new LogChunk(index, [.. byIndex[index]]);
            chunks.Add(chunk);
            if (chunk.IsComplete)
            {
                _cache.Set((taskId, index), chunk, new MemoryCacheEntryOptions
                {
                    Size = chunk.Weight,
                    SlidingExpiration = s_unused,
                });
            }
        }

        return chunks;
    }
}
