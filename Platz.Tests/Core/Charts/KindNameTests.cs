using Platz.Core.Charts;

namespace Platz.Tests.Core.Charts;

public sealed class KindNameTests
{
    [Theory]
    [InlineData("two-words-charts", "TwoWords")]
    [InlineData("web-chart", "Web")]
    [InlineData("web", "Web")]
    [InlineData("chart", "Chart")]
    [InlineData("charts", "Charts")]
    [InlineData("team/apps/hello-web", "HelloWeb")]
    [InlineData("charts/chart-store", "ChartStore")]
    [InlineData("2048-game", "2048Game")]
    [InlineData("my_odd.name--here", "MyOddNameHere")]
    public void Is_made_of_the_last_part_of_the_path(string repository, string kind) =>
        Assert.Equal(kind, KindName.FromRepository(repository));
}
