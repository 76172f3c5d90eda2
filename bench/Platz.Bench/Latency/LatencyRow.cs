namespace Platz.Bench.Latency;

/// <summary>One queue, and the starts of all of its rounds.</summary>
internal sealed class LatencyRow(
    string name, Func<LatencyLoad, CancellationToken, Task<IReadOnlyCollection<JobStart>>> runAsync)
{
    private readonly List<JobStart> _starts = [];

    public BenchRow Shown => new("", name, new Dictionary<string, double>
    {
        ["claimed p50"] = Claimed(0.5),
        ["claimed p99"] = Claimed(0.99),
        ["begun p50"] = Begun(0.5),
        ["begun p99"] = Begun(0.99),
    });

    public async Task MeasureAsync(LatencyLoad load, CancellationToken cancel) =>
        _starts.AddRange(JobStart.Warm(await runAsync(load, cancel), LatencyLoad.WarmUpSeconds));

    /// <returns>Milliseconds.</returns>
    public double Claimed(double part) => At(part, start => start.Claimed - start.Queued);

    private double Begun(double part) => At(part, start => start.Begun - start.Queued);

    private double At(double part, Func<JobStart, double> seconds) =>
        Stopwatches.Percentile([.. _starts.Select(seconds).Order()], part) * 1_000;
}
