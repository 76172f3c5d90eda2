using Platz.Runner.Helm;

namespace Platz.Tests.Runner.Helm;

public sealed class LastLinesTests
{
    [Theory]
    [InlineData(0, new string[0])]
    [InlineData(2, new[] { "line 1", "line 2" })]
    [InlineData(3, new[] { "line 1", "line 2", "line 3" })]
    [InlineData(11, new[] { "line 9", "line 10", "line 11" })]
    public void Of_many_lines_the_last_are_kept_in_their_order(int count, string[] expected)
    {
        var last = new LastLines(3);
        for (var i = 1; i <= count; i++)
        {
            last.Add($"line {i}");
        }

        Assert.Equal(expected, last.ToList());
    }

    [Fact]
    public void A_short_line_in_the_place_of_a_long_one_is_all_there_is()
    {
        var last = new LastLines(1);
        last.Add("a long line");

        last.Add("short");

        Assert.Equal(["short"], last.ToList());
    }
}
