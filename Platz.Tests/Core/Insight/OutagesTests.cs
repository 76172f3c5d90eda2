using Platz.Core.Insight;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Core.Insight;

public sealed class OutagesTests
{
    private readonly Outages _outages = new();

    [Fact]
    public void An_outage_lasts_from_the_first_failed_change_to_the_next_that_was_done()
    {
        Assert.Null(_outages.Follow(Ended.Task("2026-03-01T10:00:00Z", Failed)));
        Assert.Null(_outages.Follow(Ended.Task("2026-03-01T10:20:00Z", Failed)));
        Assert.Equal(1, _outages.Of(Ended.Env));

        Assert.Equal(TimeSpan.FromMinutes(90), _outages.Follow(Ended.Task("2026-03-01T11:30:00Z")));
        Assert.Equal(0, _outages.Of(Ended.Env));
        Assert.Null(_outages.Follow(Ended.Task("2026-03-01T12:00:00Z")));
    }

    [Fact]
    public void Another_deployments_change_restores_nothing()
    {
        _outages.Follow(Ended.Task("2026-03-01T10:00:00Z", Failed));
        Assert.Null(_outages.Follow(Ended.Task("2026-03-01T10:10:00Z", deployment: Guid.CreateVersion7())));
        Assert.True(_outages.Has(Ended.Shop));
    }

    [Theory]
    [InlineData(nameof(InvokeAction), Done, false)]
    [InlineData(nameof(RestartK8sResource), Done, false)]
    [InlineData(nameof(Upgrade), Canceled, false)]
    [InlineData(nameof(Reinstall), Done, true)]
    public void What_is_no_change_restores_nothing(string kind, DeploymentTaskStatus outcome, bool byDeployment)
    {
        _outages.Follow(Ended.Task("2026-03-01T10:00:00Z", Failed));
        Assert.Null(_outages.Follow(Ended.Task("2026-03-01T10:10:00Z", outcome, kind, byDeployment: byDeployment)));
        Assert.True(_outages.Has(Ended.Shop));
    }

    [Fact]
    public void An_uninstall_ends_an_outage_and_counts_as_no_restoration()
    {
        _outages.Follow(Ended.Task("2026-03-01T10:00:00Z", Failed));
        Assert.Null(_outages.Follow(Ended.Task("2026-03-01T10:10:00Z", kind: nameof(Uninstall))));
        Assert.Null(_outages.Follow(Ended.Task("2026-03-01T10:20:00Z", kind: nameof(Install))));
        Assert.Equal(0, _outages.Of(Ended.Env));
    }
}
