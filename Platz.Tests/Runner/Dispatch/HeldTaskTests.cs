using System.Diagnostics;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Dispatch;

public sealed class HeldTaskTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private static readonly TimeSpan s_trust = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Who_wakes_after_the_lease_is_told_to_stop_at_its_next_act_without_anybody_having_watched()
    {
        using var held = new HeldTask(await ClaimAsync(), s_trust, Ago(s_trust * 2), CancellationToken.None);
        Assert.True(held.Stop.IsCancellationRequested);
    }

    [Fact]
    public async Task A_lease_counts_from_when_its_claim_or_renewal_was_sent()
    {
        using var held = new HeldTask(await ClaimAsync(), s_trust, Ago(s_trust * 0.5), CancellationToken.None);
        Assert.InRange(held.SinceRenewal, s_trust * 0.5, s_trust);
        Assert.False(held.Stop.IsCancellationRequested);

        held.Renewed(Ago(s_trust * 2));
        Assert.True(held.Stop.IsCancellationRequested);
    }

    private async Task<DeploymentTask> ClaimAsync()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        return Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
    }

    private static long Ago(TimeSpan time) => Stopwatch.GetTimestamp() - (long)(time.TotalSeconds * Stopwatch.Frequency);
}
