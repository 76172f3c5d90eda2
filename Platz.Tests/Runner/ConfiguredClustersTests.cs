using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Runner.Clusters;
using Platz.Tests.Support;

namespace Platz.Tests.Runner;

/// <summary>What a runner makes of the clusters in its configuration.</summary>
public sealed class ConfiguredClustersTests(PostgresServer postgres, ChartRegistry registry)
    : ClusterTest(postgres, registry)
{
    [Fact]
    public async Task Each_has_its_own_ingress()
    {
        var second = await AddClusterAsync("second");
        await StartRunnerAsync();

        var (one, two) = (await ClusterAsync("sandbox"), await ClusterAsync("second"));

        Assert.Equal((Sandbox.IngressAddress, "sandbox.test", "ingress-tls", true),
            (one.IngressAddress, one.IngressDomain, one.IngressTlsSecretName, one.IsSandbox));
        Assert.Equal((second.IngressAddress, "second.test"), (two.IngressAddress, two.IngressDomain));
        Assert.Equal(Sandbox.Host.AuthorityPem.Trim(), one.IngressCa);
        Assert.Equal(second.Host.AuthorityPem.Trim(), two.IngressCa);
        Assert.NotEqual(one.IngressCa, two.IngressCa);
        Assert.Equal(one.EnvId, two.EnvId);
        await using var db = await DbAsync();
        Assert.Equal(
            [("sandbox", AuditActorKind.System), ("second", AuditActorKind.System)],
            (await db.AuditEvents.Where(e => e.Action == AuditAction.ClusterFound).ToListAsync(Cancel))
                .Select(e => (e.SubjectName, e.ActorKind)).Order());
        Assert.Equal(
            "00:00:00.3000000",
            (string?)(await db.AuditEvents.SingleAsync(
                e => e.Action == AuditAction.SettingChanged && e.SubjectName == "Runner:RescueInterval", Cancel)).Detail["after"]);
    }

    [Fact]
    public async Task Runners_that_start_together_make_one_env_and_one_cluster()
    {
        var configured = new ConfiguredCluster { Name = "prod", Env = "live", InCluster = true };
        var options = Options.Create(new ConfiguredClusterOptions { Clusters = [configured] });
        var runners = Enumerable.Range(0, 8).Select(_ => new ConfiguredClusters(
            Services.GetRequiredService<IDbContextFactory<PlatzDb>>(), Services.GetRequiredService<Envelope>(), options,
            TimeProvider.System, NullLogger<ConfiguredClusters>.Instance));

        await Task.WhenAll(runners.Select(runner => runner.SaveAsync(Cancel)));

        await using var db = await DbAsync();
        Assert.Single(await db.Clusters.Where(c => c.Name == "prod").ToListAsync(Cancel));
        Assert.Equal(
            [("Env.Created", "live", AuditActorKind.System), ("Cluster.Found", "prod", AuditActorKind.System)],
            (await db.AuditEvents.OrderBy(e => e.Seq).ToListAsync(Cancel)).Select(e => (e.Action, e.SubjectName, e.ActorKind)));
    }

    [Fact]
    public async Task What_the_configuration_leaves_out_stays_as_it_was_set()
    {
        await StartRunnerAsync();
        await ClusterAsync("sandbox");
        await StopRunnersAsync();
        foreach (var key in Settings.Keys.Where(key => key.Contains(":Ingress", StringComparison.Ordinal)).ToList())
        {
            Settings.Remove(key);
        }

        await StartRunnerAsync();
        var seen = await ClusterAsync("sandbox");

        Assert.Equal((Sandbox.IngressAddress, "sandbox.test"), (seen.IngressAddress, seen.IngressDomain));
        Assert.NotNull(seen.IngressCa);
    }

    [Fact]
    public async Task One_whose_authority_cannot_be_read_is_left_out_and_spoils_no_other()
    {
        await AddClusterAsync("second");
        Settings["Clusters:0:IngressCa"] = Sandbox.KubeconfigFile; // no PEM

        await StartRunnerAsync();

        await ClusterAsync("second");
        await using var db = await DbAsync();
        Assert.DoesNotContain(db.Clusters, cluster => cluster.Name == "sandbox");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("127.0.0.1:")]
    public async Task A_wrong_ingress_address_is_refused_at_the_start(string address)
    {
        Settings["Clusters:0:IngressAddress"] = address;

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(StartRunnerAsync);

        Assert.Contains("IngressAddress must be host:port", refused.Message);
    }
}
