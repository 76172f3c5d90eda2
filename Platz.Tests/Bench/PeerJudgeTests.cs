using Platz.Bench.Peers;

namespace Platz.Tests.Bench;

/// <summary>What the bench makes of what other queues tell of their jobs.</summary>
public sealed class PeerJudgeTests
{
    [Fact]
    public void A_line_of_a_job_is_read_and_any_other_left_alone()
    {
        Assert.Equal(new PeerJob("17", 4217, 1.25, 1.5), PeerJob.Read("job 17 4217 1.25 1.5"));
        Assert.Null(PeerJob.Read("start 1.25 1.5 1.5"));
        Assert.Null(PeerJob.Read("ready"));
    }

    [Fact]
    public void Speed_counts_from_the_first_begin_to_the_last_end()
    {
        var verdict = PeerVerdict.Of([Job("a", 1, 10, 11), Job("b", 2, 10.5, 12), Job("a", 3, 11, 14)]);

        Assert.Equal(new PeerVerdict(Done: 3, Again: 0, AtOnce: 0, OutOfTurn: 0, Speed: 0.75), verdict);
    }

    [Fact]
    public void Two_of_one_key_at_once_are_found_even_behind_a_short_one()
    {
        var verdict = PeerVerdict.Of([Job("a", 1, 10, 20), Job("a", 2, 11, 12), Job("a", 3, 13, 14), Job("b", 4, 11, 12)]);

        Assert.Equal(2, verdict.AtOnce);
        Assert.Equal(0, verdict.OutOfTurn);
    }

    [Fact]
    public void What_overtakes_another_of_its_key_is_found()
    {
        var verdict = PeerVerdict.Of([Job("a", 2, 10, 11), Job("a", 1, 11, 12), Job("b", 4, 10, 11), Job("b", 5, 11, 12)]);

        Assert.Equal(1, verdict.OutOfTurn);
    }

    [Fact]
    public void A_job_done_another_time_is_found()
    {
        var verdict = PeerVerdict.Of([Job("a", 1, 10, 11), Job("a", 1, 12, 13)]);

        Assert.Equal((1, 1), (verdict.Done, verdict.Again));
    }

    private static PeerJob Job(string key, int number, double begun, double ended) => new(key, number, begun, ended);
}
