using Platz.Bench;
using Platz.Bench.Latency;
using Platz.Bench.Peers;
using Platz.Bench.Queue;

namespace Platz.Tests.Bench;

/// <summary>What the last line of a bench says, and whether it ends well.</summary>
public sealed class QueuePromiseTests
{
    private static readonly QueueFigures s_good = new(Least: 10_000, OfRaw: 0.6, Kept: 0.85, Whole: 12_000, Bare: 20_000)
    {
        Peers = new Dictionary<Peer, double>
        {
            [Peer.NamedQueues] = 2_400,
            [Peer.NamedQueuesInBatches] = 2_400,
            [Peer.StrictFifo] = 1_200,
            [Peer.Hangfire] = 600,
            [Peer.Quartz] = 600,
            [Peer.Groups] = 20_000,
        },
    };

    [Fact]
    public void What_was_promised_just_holds() => Assert.All(s_good.Promises, promise => Assert.True(promise.Holds, promise.Found));

    [Theory]
    [InlineData("graphile-worker, named queues")]
    [InlineData("graphile-worker, named queues, in batches")]
    [InlineData("pg-boss, key_strict_fifo")]
    [InlineData("pg-boss, groupConcurrency: 1, batches of 50")]
    [InlineData("Hangfire")]
    [InlineData("Quartz, clustered")]
    public void A_peer_that_is_a_little_faster_breaks_the_promise_about_it_alone(string name)
    {
        var faster = s_good with
        {
            Peers = s_good.Peers.ToDictionary(p => p.Key, p => p.Key.Name == name ? p.Value * 1.01 : p.Value),
        };

        var missed = Assert.Single(faster.Promises, promise => !promise.Holds);
        Assert.Contains(name, missed.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_promise_about_what_was_not_measured_is_not_kept()
    {
        var alone = s_good with { Peers = new Dictionary<Peer, double>() };

        Assert.Equal(6, alone.Promises.Count(promise => !promise.Holds));
    }

    [Fact]
    public void Whoever_asks_for_one_history_is_told_nothing_of_another() =>
        Assert.Equal(s_good.Promises.Count - 1, (s_good with { Kept = null }).Promises.Count);

    [Fact]
    public void The_last_line_tells_what_held_and_what_did_not() => Assert.Equal(
        "Held: 3 apples (promised: 2); a pear (promised: 1). Missed: no plum (promised: 1).",
        Promise.Tell([new("3 apples", "2", true), new("no plum", "1", false), new("a pear", "1", true)]));

    [Fact]
    public async Task Latency_is_judged_by_the_claims_that_count()
    {
        var load = new LatencyLoad(Rate: 1, Seconds: 2, Rounds: 1);
        var (ours, theirs) = (Row(0.002, 0.005), Row(0.003, 0.004));
        await ours.MeasureAsync(load, TestContext.Current.CancellationToken);
        await theirs.MeasureAsync(load, TestContext.Current.CancellationToken);

        Assert.Equal([true, false], LatencyBench.Promises(ours, theirs).Select(promise => promise.Holds));
        Assert.Equal([false, false], LatencyBench.Promises(ours, beside: null).Select(promise => promise.Holds));
    }

    [Fact]
    public void A_line_of_a_start_is_read_and_any_other_left_alone()
    {
        Assert.Equal(new JobStart(1.25, 1.5, 1.75), JobStart.Read("start 1.25 1.5 1.75"));
        Assert.Null(JobStart.Read("job 17 4217 1.25 1.5"));
    }

    private const double Cold = 100;
    private const double Warm = Cold + LatencyLoad.WarmUpSeconds;

    /// <summary>One start that took long while all warmed up, then one of each.</summary>
    private static LatencyRow Row(double first, double second) => new("", (_, _) => Task.FromResult<IReadOnlyCollection<JobStart>>(
        [new(Cold, Cold + 9, Cold + 9), new(Warm, Warm + first, Warm + 1), new(Warm + 1, Warm + 1 + second, Warm + 2)]));
}
