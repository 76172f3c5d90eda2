using System.Diagnostics;
using Platz.Bench.Circuits;

namespace Platz.Bench.Live;

/// <summary>Opens circuits on a web process and reads off what they cost it.</summary>
/// <param name="seconds">How long a round of changes takes.</param>
internal sealed class LiveStage(WebProcess web, int circuits, int seconds)
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(8);

    private readonly List<LiveRow> _rows = [];
    private readonly ProcessGauge _gauge = new(web.Pid, WebProcess.HeapFile);

    public IReadOnlyList<LiveRow> Rows => _rows;

    /// <summary>
    /// As many circuits as are measured, so that nothing is compiled any more, and what the server keeps for all of them
    /// together, its pools and caches, is as large before as after.
    /// </summary>
    /// <param name="text">Is on the page as soon as the page is there.</param>
    public async Task WarmUpAsync(string address, string text, Func<string, Task<long>> change, CancellationToken cancel)
    {
        await using var crowd = await Crowd.OpenAsync(web, address, text, circuits, cancel);
        await change("warm");
    }

    public Task MeasureNobodyAsync(string when, CancellationToken cancel) => RestAsync($"at rest, {when}", 0, cancel);

    /// <inheritdoc cref="WarmUpAsync"/>
    public async Task MeasureRestAsync(string what, string address, string text, CancellationToken cancel)
    {
        await using var crowd = await Crowd.OpenAsync(web, address, text, circuits, cancel);
        await RestAsync($"{what}, at rest", crowd.Count, cancel);
    }

    /// <param name="change">
    /// Changes what they watch for a round, last so that its text is there to see; says when that was committed, as
    /// <see cref="Stopwatch.GetTimestamp"/>.
    /// </param>
    /// <inheritdoc cref="WarmUpAsync"/>
    public async Task MeasureBusyAsync(
        string what, string address, string text, int rounds, Func<string, Task<long>> change, CancellationToken cancel)
    {
        await using var crowd = await Crowd.OpenAsync(web, address, text, circuits, cancel);
        await RestAsync($"{what}, at rest", crowd.Count, cancel);
        for (var round = 1; round <= rounds; round++)
        {
            await RoundAsync($"{what}, busy, round {round}", crowd, change, cancel);
        }
    }

    private async Task RoundAsync(string what, Crowd crowd, Func<string, Task<long>> change, CancellationToken cancel)
    {
        var end = $"the end of {what}";
        var (batches, bytes, cores) = (crowd.Batches, crowd.Bytes, 0d);
        _gauge.Cores();
        var delays = await crowd.FollowAsync(end, ChangeAsync, cancel);
        _rows.Add(new LiveRow(
            what, crowd.Count, cores, await _gauge.HeapAsync(cancel), _gauge.Memory(),
            (crowd.Batches - batches) / (double)seconds, (crowd.Bytes - bytes) / (double)seconds, delays));

        async Task<long> ChangeAsync()
        {
            var committed = await change(end);
            cores = _gauge.Cores();
            return committed;
        }
    }

    private async Task RestAsync(string what, int count, CancellationToken cancel)
    {
        await Task.Delay(s_rest, cancel);
        _gauge.Cores();
        await Task.Delay(s_rest, cancel);
        _rows.Add(new LiveRow(what, count, _gauge.Cores(), await _gauge.HeapAsync(cancel), _gauge.Memory(), 0, 0, []));
    }
}
