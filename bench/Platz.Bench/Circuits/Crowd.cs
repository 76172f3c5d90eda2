using System.Diagnostics;

namespace Platz.Bench.Circuits;

/// <summary>Many circuits on one page.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int OpenedAtOnce = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly List<Circuit> _circuits = [];

    public int Count => _circuits.Count;

    public long Batches => _circuits.Sum(circuit => circuit.Batches);

    public long Bytes => _circuits.Sum(circuit => circuit.Bytes);

    /// <param name="text">Is on the page as soon as the page is there.</param>
    public static async Task<Crowd> OpenAsync(WebProcess web, string address, string text, int count, CancellationToken cancel)
    {
        Console.WriteLine($"Opening {count:N0} circuits on {address}");
        var crowd = new Crowd();
        while (crowd.Count < count)
        {
            var some = Enumerable.Range(0, Math.Min(OpenedAtOnce, count - crowd.Count))
                .Select(_ => Circuit.OpenAsync(web, new Uri(web.Url, address), text, cancel));
            crowd._circuits.AddRange(await Task.WhenAll(some));
        }

        return crowd;
    }

    /// <summary>Writes what ends with a text that is on no screen yet, and waits until it is on all of them.</summary>
    /// <param name="write">Says when that was committed, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <returns>Milliseconds from the commit to each screen.</returns>
    public async Task<List<double>> FollowAsync(string end, Func<Task<long>> write, CancellationToken cancel)
    {
        var found = Task.WhenAll(_circuits.ConvertAll(circuit => circuit.ExpectAsync(end)));
        var committed = await write();
        var seen = await found.WaitAsync(s_patience, cancel);
        return [.. seen.Select(at => Stopwatch.GetElapsedTime(committed, at).TotalMilliseconds)];
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_circuits.ConvertAll(circuit => circuit.DisposeAsync().AsTask()));
}
