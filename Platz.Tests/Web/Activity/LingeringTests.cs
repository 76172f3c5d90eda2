using Platz.Web.Activity;

namespace Platz.Tests.Web.Activity;

public sealed class LingeringTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;

    private readonly Lingering _lingering = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_seen_first_is_told_at_once(bool isAny)
    {
        Assert.True(_lingering.See(isAny, s_start));
        Assert.Equal(isAny, _lingering.IsAny);
        Assert.False(_lingering.See(isAny, s_start));
    }

    [Fact]
    public void That_there_is_none_any_more_is_told_a_moment_later()
    {
        _lingering.See(isAny: true, s_start);

        Assert.False(_lingering.See(isAny: false, s_start.AddSeconds(5)));
        Assert.False(_lingering.Tick(s_start.AddSeconds(5.5)));
        Assert.False(_lingering.See(isAny: false, s_start.AddSeconds(5.9))); // does not begin the moment anew
        Assert.True(_lingering.Tick(s_start.AddSeconds(6)));
        Assert.False(_lingering.IsAny);
        Assert.False(_lingering.Tick(s_start.AddSeconds(7)));
    }

    [Fact]
    public void Where_the_next_is_there_by_then_nothing_is_told()
    {
        _lingering.See(isAny: true, s_start);
        _lingering.See(isAny: false, s_start.AddSeconds(1));

        Assert.False(_lingering.See(isAny: true, s_start.AddSeconds(1.5)));
        Assert.False(_lingering.Tick(s_start.AddSeconds(9)));
        Assert.True(_lingering.IsAny);
    }

    [Fact]
    public void Of_something_else_it_is_told_at_once_again()
    {
        _lingering.See(isAny: true, s_start);
        _lingering.Forget();

        Assert.True(_lingering.See(isAny: false, s_start));
    }
}
