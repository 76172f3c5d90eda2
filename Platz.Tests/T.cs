namespace Platz.Tests;

public sealed class T
{
    [Xunit.Fact]
    public void A() => Xunit.Assert.Equal(1, 1);
}
