using Platz.Web.Shared;

namespace Platz.Tests.Web.Shared;

public sealed class PagerNumbersTests
{
    [Theory]
    [InlineData(1, 1, "1")]
    [InlineData(1, 5, "1 2 3 … 5")]
    [InlineData(3, 5, "1 2 3 4 5")]
    [InlineData(50, 100, "1 … 48 49 50 51 52 … 100")]
    [InlineData(100, 100, "1 … 98 99 100")]
    public void Shows_the_ends_and_the_neighbours(int current, int pages, string shown) =>
        Assert.Equal(shown, string.Join(' ', PagerNumbers.Of(current, pages).Select(n => n?.ToString() ?? "…")));
}
