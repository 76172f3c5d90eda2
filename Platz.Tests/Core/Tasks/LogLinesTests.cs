using System.Text;
using Platz.Core.Tasks;

namespace Platz.Tests.Core.Tasks;

public sealed class LogLinesTests
{
    private const string Secret = "hunter2secret";

    [Theory]
    [InlineData("a\nb\n", new[] { "a", "b" })]
    [InlineData("a\n\nb", new[] { "a", "", "b" })]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("a\r\nb\r\n", new[] { "a", "b" })]
    [InlineData("a\r\r\nb", new[] { "a", "b" })]
    [InlineData("10%\r50%\r100%\ndone\n", new[] { "100%", "done" })]
    [InlineData("10%\r50%\r", new[] { "50%" })]
    [InlineData("long text\rx\n", new[] { "x" })]
    [InlineData("\ra\n", new[] { "a" })]
    [InlineData("a\tb\n", new[] { "a\tb" })]
    [InlineData("a\0b\n", new[] { "a\uFFFDb" })]
    [InlineData("\u001b[1;31mred\u001b[0m\u001b[m\n", new[] { "\u001b[1;31mred\u001b[0m\u001b[m" })]
    [InlineData("\u001b[2J\u001b[H\u001b[3Aup\u001b[K\u001b[?25l\n", new[] { "up" })]
    [InlineData("\u001b]0;title\aa\u001b]52;c;aGk=\u001b\\b\n", new[] { "ab" })]
    [InlineData("\u001b]8;;javascript:alert(1)\u001b\\link\u001b]8;;\u001b\\\n", new[] { "link" })]
    [InlineData("\u001bPdcs\u001b\\a\u001b_apc\u001b\\b\u001b^pm\u001b\\c\u001b(Bd\u001bce\u001b7f\n", new[] { "abcdef" })]
    [InlineData("\u009b31mred\u009d0;t\u009cx\u0085y\n", new[] { "\u001b[31mredxy" })]
    [InlineData("\u001b]0;never ends\nnext\n", new[] { "", "next" })]
    [InlineData("\u001b[31\nnext\u001b[\u001b[1mx\u001b", new[] { "", "next\u001b[1mx" })]
    [InlineData("\u001b[>4;2mx\u001b[0 qy\n", new[] { "xy" })]
    [InlineData("ding\a\b\u007f\v\fdong\n", new[] { "dingdong" })]
    [InlineData("a\u202Eb\u2066c\n", new[] { "a\u202Eb\u2066c" })]
    [InlineData("<script>&amp;\n", new[] { "<script>&amp;" })]
    [InlineData("a hunter2secret b\n", new[] { "a ••• b" })]
    [InlineData("hunter2\u001b[31msecret\n", new[] { "•••\u001b[31m" })]
    [InlineData("hunter2\u001b[2K\asecret\n", new[] { "•••" })]
    [InlineData("hunter2\rsecret\n", new[] { "•••" })]
    [InlineData("one of two lines\ntwo of two lines!\nx", new[] { "•••!", "x" })]
    [InlineData("one of two lines\r\ntwo of two lines\n", new[] { "•••" })]
    [InlineData("one of two lines\nand another\n", new[] { "•••", "and another" })]
    public void A_log_becomes_lines_however_it_is_cut(string text, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var size in new[] { 1, 2, 3, 7, 4096 })
        {
            Assert.Equal(expected, Lines(bytes, size));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xff, (byte)'a', 0xc3, (byte)'\n' }, "\uFFFDa\uFFFD")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 }, "\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xf0, 0x9f, 0x98 }, "\uFFFD")]
    [InlineData(new byte[] { 0xf0, 0x9f, 0x98, 0x80 }, "😀")]
    public void Bytes_that_are_no_text_are_marked(byte[] bytes, string expected)
    {
        Assert.Equal([expected], Lines(bytes, 1));
        Assert.Equal([expected], Lines(bytes, 4096));
    }

    [Fact]
    public void A_line_appears_as_soon_as_it_ends()
    {
        var log = new LogLines(new Redactor([Secret]));

        Assert.Equal(["first"], log.Push("first\nsec"u8));
        Assert.Equal(["second"], log.Push("ond\n"u8));
        Assert.Empty(log.Push("hunter2"u8));
        Assert.Equal(["hunter2"], log.Push("\n"u8));
        Assert.Empty(log.Complete());
    }

    [Fact]
    public void A_long_line_comes_in_parts_and_a_secret_hides_in_no_gap()
    {
        for (var before = LogLines.MaxLineBytes - 20; before < LogLines.MaxLineBytes + 5; before++)
        {
            var text = new string('x', before) + Secret + new string('y', 20_000) + "\nnext\n";
            var lines = Lines(Encoding.UTF8.GetBytes(text), 1000);

            Assert.Equal(before + 3 + 20_000, lines[..^1].Sum(line => line.Length));
            Assert.Contains(Redactor.Mask, string.Concat(lines), StringComparison.Ordinal);
            Assert.Equal("next", lines[^1]);
            Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, LogLines.MaxLineBytes));
        }
    }

    [Fact]
    public void A_line_of_exactly_the_longest_length_is_one()
    {
        var line = new string('x', LogLines.MaxLineBytes);

        Assert.Equal([line, "next"], Lines(Encoding.UTF8.GetBytes(line + "\nnext\n"), 4096));
    }

    [Fact]
    public void Parts_are_cut_between_characters_and_around_colour_codes()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\u001b[38;5;196m😀é", 4_000));

        var lines = Lines(Encoding.UTF8.GetBytes(text), 777);

        Assert.Equal(text, string.Concat(lines));
        Assert.All(lines.Skip(1), line => Assert.True(line[0] is '\u001b' or 'é' || char.IsHighSurrogate(line[0])));
        Assert.All(lines, line => Assert.Equal(line, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line))));
    }

    [Fact]
    public void Fifty_megabytes_without_a_line_end_need_no_memory()
    {
        var log = new LogLines(new Redactor([Secret, new string('x', 5000) + "y"]));
        var chunk = Encoding.UTF8.GetBytes(new string('x', 64 * 1024));
        var total = 0L;

        for (var i = 0; i < 800; i++)
        {
            total += log.Push(chunk).Sum(line => (long)line.Length);
        }

        total += log.Complete().Sum(line => (long)line.Length);
        Assert.Equal(800L * chunk.Length, total);
        Assert.InRange(log.BufferedCapacity, 1, 200_000);
    }

    [Theory]
    [InlineData("\u001b]0;x")]
    [InlineData("\u001b[1m")]
    [InlineData("\u001b[999999999999;")]
    [InlineData("\r")]
    [InlineData("hunter2secre\u001b[1m")]
    [InlineData("eyJ")]
    [InlineData("-----BEGIN ")]
    [InlineData("h\u001b[1m")]
    public void Nothing_makes_the_buffers_grow_for_ever(string pattern)
    {
        var log = new LogLines(new Redactor([Secret]));
        var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(pattern, 10_000)));
        log.Push("h"u8);

        for (var i = 0; i < 40; i++)
        {
            log.Push(chunk);
        }

        Assert.InRange(log.BufferedCapacity, 1, 400_000);
    }

    [Fact]
    public void Endless_colours_inside_a_secret_lose_the_colour_and_not_the_secret()
    {
        var text = "hunter2" + string.Concat(Enumerable.Repeat("\u001b[1m", 50_000)) + "secret\n";

        var lines = Lines(Encoding.UTF8.GetBytes(text), 4096);

        Assert.StartsWith(Redactor.Mask, lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", string.Concat(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_lines_leave_nothing_to_collect()
    {
        const string line = "client.go:393: checking for changes, all is well\n";
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 2_000)));
        var (log, count) = (new LogLines(new Redactor([Secret])), 0);
        Action<ReadOnlySpan<char>> give = _ => count++;
        log.Push(bytes, give); // makes room

        var before = GC.GetAllocatedBytesForCurrentThread();
        log.Push(bytes, give);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(4_000, count);
        Assert.InRange(allocated, 0, 1_000);
    }

    private static List<string> Lines(byte[] bytes, int chunk)
    {
        var log = new LogLines(new Redactor([Secret, "one of two lines\ntwo of two lines"]));
        var lines = bytes.Chunk(chunk).SelectMany(part => log.Push(part)).ToList();
        return [.. lines, .. log.Complete()];
    }
}
