using System.Diagnostics;
using Platz.Bench.Circuits;
using Platz.Web;

namespace Platz.Bench.Live;

/// <summary>Opens circuits on a web process and reads off what they cost it.</summary>
internal sealed class LiveStage(WebProcess web, LoggingTask task, LiveLoad load)
{
    private const int OpenedAtOnce = 10;

    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly List<LiveRow> _rows = [];
    private readonly ProcessGauge _gauge = new(web.Pid, WebProcess.HeapFile);

    public IReadOnlyList<LiveRow> Rows => _rows;

    private string LogAddress => Links.TaskLog(task.Id);

    /// <summary>
    /// As many circuits as are measured, so that nothing is compiled any more, and what the server keeps for all of them
    /// together, its pools and caches, is as large before as after.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancel)
    {
        await WarmUpAsync(Links.Envs, LoggingTask.EnvName, cancel);
        await WarmUpAsync(task.HistoryAddress, LoggingTask.DeploymentName, cancel);
        await WarmUpAsync(LogAddress, task.LastLine, cancel);
    }

    private async Task WarmUpAsync(string address, string text, CancellationToken cancel)
    {
        var circuits = await OpenAsync(address, text, load.Circuits, cancel);
        await task.WriteAsync(load.Rate, TimeSpan.FromSeconds(5), "warm", cancel);
        await CloseAsync(circuits);
    }

    public Task MeasureNobodyAsync(string when, CancellationToken cancel) => RestAsync($"at rest, {when}", 0, cancel);

    /// <param name="text">Is on the page as soon as the page is there.</param>
    public async Task MeasureRestAsync(string what, string address, string text, CancellationToken cancel)
    {
        var circuits = await OpenAsync(address, text, load.Circuits, cancel);
        await RestAsync($"{what}, at rest", circuits.Count, cancel);
        await CloseAsync(circuits);
    }

    public async Task MeasureLogAsync(int rounds, CancellationToken cancel)
    {
        var circuits = await OpenAsync(LogAddress, task.LastLine, load.Circuits, cancel);
        await RestAsync("the log, at rest", circuits.Count, cancel);
        for (var round = 1; round <= rounds; round++)
        {
            await RoundAsync($"the log, {load.Rate:N0} lines/s, round {round}", circuits, cancel);
        }

        await CloseAsync(circuits);
    }

    private async Task RoundAsync(string what, List<Circuit> circuits, CancellationToken cancel)
    {
        var end = $"the end of {what}";
        var found = circuits.Select(circuit => circuit.ExpectAsync(end)).ToList();
        var (batches, bytes) = (circuits.Sum(circuit => circuit.Batches), circuits.Sum(circuit => circuit.Bytes));
        _gauge.Cores();
        var committed = await task.WriteAsync(load.Rate, TimeSpan.FromSeconds(load.Seconds), end, cancel);
        var cores = _gauge.Cores();
        var seen = await Task.WhenAll(found).WaitAsync(s_patience, cancel);
        _rows.Add(new LiveRow(
            what, circuits.Count, cores, await _gauge.HeapAsync(cancel), _gauge.Memory(),
            (circuits.Sum(circuit => circuit.Batches) - batches) / (double)load.Seconds,
            (circuits.Sum(circuit => circuit.Bytes) - bytes) / (double)load.Seconds,
            [.. seen.Select(at => Stopwatch.GetElapsedTime(committed, at).TotalMilliseconds)]));
    }

    private async Task RestAsync(string what, int circuits, CancellationToken cancel)
    {
        await Task.Delay(s_rest, cancel);
        _gauge.Cores();
        await Task.Delay(s_rest, cancel);
        _rows.Add(new LiveRow(
            what, circuits, _gauge.Cores(), await _gauge.HeapAsync(cancel), _gauge.Memory(), 0, 0, []));
    }

    private async Task<List<Circuit>> OpenAsync(string address, string text, int count, CancellationToken cancel)
    {
        Console.WriteLine($"Opening {count:N0} circuits on {address}");
        var circuits = new List<Circuit>();
        while (circuits.Count < count)
        {
            var some = Enumerable.Range(0, Math.Min(OpenedAtOnce, count - circuits.Count))
                .Select(_ => Circuit.OpenAsync(web, new Uri(web.Url, address), text, cancel));
            circuits.AddRange(await Task.WhenAll(some));
        }

        return circuits;
    }

    private static Task CloseAsync(List<Circuit> circuits) =>
        Task.WhenAll(circuits.Select(circuit => circuit.DisposeAsync().AsTask()));
}
