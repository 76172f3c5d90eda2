using System.Text;
using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;

namespace Platz.Tests.Core.Tasks;

public sealed class UnwrittenLogTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.UnixEpoch.AddYears(50);

    private readonly UnwrittenLog _log = new(new TaskLogLimits(Head: 1024, Tail: 64 * 1024), seq: 0, bytes: 0);
    private int _added;

    [Fact]
    public void What_was_stored_is_begun_anew_and_tells_nothing_of_before()
    {
        Burst(lines: 1000);
        var first = _log.Take();
        Assert.True(first.Count > 10, $"{first.Count} blocks");
        _log.Return(first);
        var before = first.ToHashSet();

        var from = _log.Bytes;
        Burst(lines: 500);
        var second = _log.Take();

        Assert.All(second, block => Assert.Contains(block, before));
        Assert.Equal(
            Enumerable.Range(1001, 500).Select(Line),
            second.SelectMany(block => Encoding.UTF8.GetString(block.Text.Span).Split('\n')));
        Assert.Equal(1001, second[0].Seq);
        Assert.Equal(from, second[0].BytesBefore);
        Assert.All(second.Zip(second.Skip(1)), two =>
        {
            Assert.Equal(two.First.Seq + two.First.Lines, two.Second.Seq);
            Assert.Equal(two.First.BytesAfter, two.Second.BytesBefore);
        });
        Assert.Equal(_log.Bytes, second[^1].BytesAfter);
    }

    [Fact]
    public void After_a_burst_its_memory_is_given_back()
    {
        Burst(lines: 1000);
        _log.Return(_log.Take());
        Assert.True(_log.Spare > 10, $"{_log.Spare} spare");

        Burst(lines: 1);
        _log.Return(_log.Take());

        Assert.Equal(1, _log.Spare);
    }

    [Fact]
    public void A_burst_makes_no_more_blocks_than_the_tail_takes()
    {
        Burst(lines: 10_000);
        string[] lines = [.. Enumerable.Range(1, 50_000).Select(Line)];

        var before = GC.GetAllocatedBytesForCurrentThread();
        Add(lines);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(allocated < 256 * 1024, $"{allocated:N0} bytes for {lines.Sum(line => line.Length):N0} characters");
        var kept = _log.Take();
        Assert.InRange(kept.Sum(block => block.Text.Length), 60 * 1024, 70 * 1024);
        Assert.Equal(1, kept[0].Seq); // the head stays, whatever falls out behind it
        Assert.Equal(_log.Bytes, kept[^1].BytesAfter);
    }

    private void Burst(int lines)
    {
        Add([.. Enumerable.Range(_added + 1, lines).Select(Line)]);
        _added += lines;
    }

    private void Add(string[] lines)
    {
        foreach (var line in lines)
        {
            _log.Add(line, s_at, Phase.HelmUpgrade, LogStream.Pod);
        }
    }

    private static string Line(int number) => $"line {number:000000} of a burst, which is as long as lines are, ü";
}
