using Platz.Core.Tasks;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Tasks;

public sealed class OperationLabelTests
{
    [Theory]
    [InlineData("1.9.0", "1.10.0", "upgrade")]
    [InlineData("2.0.0", "2.0.0-rc.1", "downgrade")]
    [InlineData("1.0.0", "1.0.0", "same version, pushed again")]
    [InlineData(null, "1.0.0", null)]
    public void Another_chart_is_an_upgrade_or_a_downgrade_by_the_order_of_versions(string? old, string now, string? word)
    {
        var upgrade = new Upgrade(Guid.NewGuid(), Guid.NewGuid(), [], [], [], []);

        Assert.Equal(word, OperationLabel.Of(SomeTask.With(upgrade, chart: now, previousChart: old)).Detail);
    }

    [Fact]
    public void The_same_chart_with_the_same_values_is_a_redeploy()
    {
        var upgrade = new Upgrade(Guid.Empty, Guid.Empty, [], [], [], []);

        Assert.Equal("redeploy", OperationLabel.Of(SomeTask.With(upgrade, chart: "1.0.0", previousChart: "1.0.0")).Detail);
    }
}
