using System.Globalization;
using System.Text;
using CsCheck;
using Platz.Core.Tasks;
using Platz.Runner.Helm;

namespace Platz.Tests.Runner.Helm;

public sealed class PodOutputTests
{
    private const int Tries = 3_000; // a cut seldom falls just between what is told and what is known

    private static readonly DateTimeOffset s_start = new(2026, 11, 30, 22, 51, 55, TimeSpan.Zero);

    /// <summary>Lines of which several bear one timestamp, as those of a burst do.</summary>
    private static readonly Gen<(string Text, int Tick)[]> s_log = Gen.Select(
        Gen.OneOf(
            Gen.OneOf("", "a b", "hunter2secret", "hunter2", "alpha1", "bravo2", "é 😀"), Gen.String[Gen.Char['a', 'e'], 1, 12]),
        Gen.Int[0, 1]).Array[1, 12];

    /// <summary>Where readings are cut, by the part of the log, and the sizes of the pieces that it comes in.</summary>
    private static readonly Gen<(double[] Cuts, int[] Sizes)> s_ways = Gen.Select(
        Gen.Double[0, 1].Array[0, 4], Gen.Int[1, 30].Array[1, 6]);

    [Fact]
    public void However_a_log_is_cut_and_read_again_each_line_comes_once() => Gen.Select(s_log, s_ways).Sample((log, ways) =>
    {
        var (bytes, expected) = Written(log);
        var output = new PodOutput(new Redactor(["hunter2secret"]), LogPosition.Start);
        foreach (var cut in ways.Cuts)
        {
            Feed(output, bytes.AsSpan(0, (int)(cut * bytes.Length)), ways.Sizes);
        }

        Feed(output, bytes, ways.Sizes);
        output.Complete();

        Assert.Equal(expected, Taken(output));
    }, iter: Tries);

    [Fact]
    public void Whoever_goes_on_from_what_was_stored_reads_the_rest() => Gen.Select(s_log, s_ways).Sample((log, ways) =>
    {
        var redactor = new Redactor(["hunter2secret", "alpha1\nbravo2"]); // one of two lines is known late
        var (bytes, _) = Written(log);
        var whole = new PodOutput(redactor, LogPosition.Start);
        Feed(whole, bytes, [bytes.Length]);
        whole.Complete();
        var position = LogPosition.Start;
        List<(string, DateTimeOffset)> taken = [];
        foreach (var cut in ways.Cuts)
        {
            var output = new PodOutput(redactor, position);
            Feed(output, bytes.AsSpan(0, (int)(cut * bytes.Length)), ways.Sizes);
            taken.AddRange(Taken(output)); // stored together with the position
            position = LogPosition.Parse($"{output.Stored}");
        }

        var last = new PodOutput(redactor, position);
        Feed(last, bytes, ways.Sizes);
        last.Complete();

        Assert.Equal(Taken(whole), [.. taken, .. Taken(last)]);
    }, iter: Tries);

    [Fact]
    public void A_tail_is_taken_where_nothing_can_be_missing_before_it() =>
        Gen.Select(s_log, Gen.Double[0, 1], Gen.Int[1, 12], s_ways).Sample((log, cut, lines, ways) =>
        {
            var (bytes, expected) = Written(log);
            var output = new PodOutput(new Redactor(["hunter2secret"]), LogPosition.Start);
            Feed(output.Read(), bytes.AsSpan(0, (int)(cut * bytes.Length)), ways.Sizes);
            var before = output.Ready.Count;

            var tail = output.Read(isTail: true);
            Feed(tail, Tail(bytes, lines), ways.Sizes);
            if (!tail.Overlaps)
            {
                Assert.Equal(before, output.Ready.Count);
                Feed(output.Read(), bytes, ways.Sizes);
            }

            output.Complete();

            Assert.Equal(expected, Taken(output));
        }, iter: Tries);

    [Fact]
    public void A_tail_that_begins_with_what_is_known_saves_reading_all_again()
    {
        var output = new PodOutput(new Redactor([]), LogPosition.Start);
        output.Read().Feed("2026-11-30T22:51:55.1Z one\n2026-11-30T22:51:55.2Z two\n"u8);

        var tail = output.Read(isTail: true);
        tail.Feed("2026-11-30T22:51:55.1Z one\n2026-11-30T22:51:55.2Z two\n2026-11-30T22:51:55.3Z three\n"u8);

        Assert.True(tail.Overlaps);
        Assert.Equal(["one", "two", "three"], Taken(output).Select(line => line.Text));
    }

    [Fact]
    public void A_shorter_line_in_the_place_of_one_that_was_cut_still_ends()
    {
        var output = new PodOutput(new Redactor([]), LogPosition.Start);
        output.Read().Feed("error: a connection was cut"u8);

        output.Read().Feed("error: again\n2026-11-30T22:51:55.1Z next\n"u8);

        Assert.Equal("next", Taken(output)[^1].Text);
    }

    [Fact]
    public void The_end_is_kept_for_the_summary()
    {
        var output = new PodOutput(new Redactor([]), LogPosition.Start);
        output.Read().Feed("2026-11-30T22:51:55.1Z one\n2026-11-30T22:51:55.2Z two"u8);
        output.Ready.Clear();

        output.Complete();

        Assert.Equal(["one", "two"], output.LastLines);
        Assert.Equal(["two"], Taken(output).Select(line => line.Text));
    }

    [Fact]
    public void What_was_held_back_until_the_end_is_known_with_it()
    {
        var output = new PodOutput(new Redactor(["alpha1\nbravo2"]), LogPosition.Start);
        output.Read().Feed("2026-11-30T22:51:55.1Z alpha1\n"u8);
        Assert.Equal((0, LogPosition.Start), (output.Ready.Count, output.Stored));

        output.Complete();

        Assert.Equal((1, 1), (output.Ready.Count, output.Stored.Count));
    }

    private static (byte[] Bytes, List<(string, DateTimeOffset)> Lines) Written((string Text, int Tick)[] log)
    {
        var (text, lines, at) = (new StringBuilder(), new List<(string, DateTimeOffset)>(), s_start);
        foreach (var (line, tick) in log)
        {
            at = at.AddTicks(tick);
            text.Append(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd'T'HH:mm:ss.fffffff}00Z {line}\n");
            lines.Add((line.Replace("hunter2secret", Redactor.Mask, StringComparison.Ordinal), at));
        }

        return (Encoding.UTF8.GetBytes(text.ToString()), lines);
    }

    /// <summary>The last lines, as the API server gives them.</summary>
    private static byte[] Tail(byte[] bytes, int lines)
    {
        var from = bytes.Length - 1;
        for (; from > 0 && lines > 0; from--)
        {
            lines -= bytes[from - 1] == (byte)'\n' ? 1 : 0;
        }

        return bytes[(lines > 0 ? 0 : from + 1)..];
    }

    private static void Feed(PodOutput output, ReadOnlySpan<byte> bytes, int[] sizes) => Feed(output.Read(), bytes, sizes);

    private static void Feed(PodOutput.Reading reading, ReadOnlySpan<byte> bytes, int[] sizes)
    {
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], bytes.Length);
            reading.Feed(bytes[..size]);
            bytes = bytes[size..];
        }
    }

    private static List<(string Text, DateTimeOffset At)> Taken(PodOutput output)
    {
        List<(string, DateTimeOffset)> lines = [];
        for (var i = 0; i < output.Ready.Count; i++)
        {
            lines.Add((output.Ready.Text(i).ToString(), output.Ready.At(i)));
        }

        output.Ready.Clear();
        return lines;
    }
}
