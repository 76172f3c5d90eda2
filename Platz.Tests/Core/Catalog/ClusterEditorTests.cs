using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Catalog;

public sealed class ClusterEditorTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private static readonly ClusterSettings s_full = new(
        null, true, "Apps.Example.org.", "nginx", "wildcard-tls", "[::1]:443", "10.0.0.0/8,fc00::/7\n192.168.0.0/16",
        "https://grafana.example.org/x", "Loki");

    private ClusterEditor Clusters => Services.GetRequiredService<ClusterEditor>();

    [Fact]
    public async Task Settings_are_stored_trimmed_and_read_again()
    {
        Assert.IsType<SettingResult.Saved>(
            await Clusters.UpdateAsync(Cluster.Id, s_full with { EnvId = Env.Id }, seen: null, Alice, Cancel));

        await using var db = await DbAsync();
        var cluster = await db.Clusters.SingleAsync(Cancel);
        Assert.Equal("apps.example.org", cluster.IngressDomain);
        Assert.Equal(["10.0.0.0/8", "fc00::/7", "192.168.0.0/16"], cluster.IngressCidrs);
        var row = await Services.GetRequiredService<SiteLists>().ClusterAsync(Cluster.Id, Cancel);
        Assert.Equal(ClusterSettings.Of(cluster), row!.Settings);

        var cleared = new ClusterSettings(Env.Id, Ignore: false);
        Assert.IsType<SettingResult.Saved>(await Clusters.UpdateAsync(Cluster.Id, cleared, row.Settings, Alice, Cancel));
        await db.Entry(cluster).ReloadAsync(Cancel);
        Assert.Equal((null, null, null), (cluster.IngressDomain, cluster.IngressAddress, cluster.GrafanaUrl));
        Assert.Empty(cluster.IngressCidrs);
    }

    [Theory]
    [InlineData("ingress_domain", "-apps.example.org")]
    [InlineData("ingress_domain", "https://apps.example.org")]
    [InlineData("ingress_class", "a b")]
    [InlineData("ingress_tls_secret_name", "../secret")]
    [InlineData("ingress_address", "10.0.0.1")]
    [InlineData("ingress_address", "10.0.0.1:0")]
    [InlineData("ingress_address", "10.0.0.1:65536")]
    [InlineData("ingress_address", "http://10.0.0.1:80")]
    [InlineData("ingress_cidrs", "10.0.0.0/33")]
    [InlineData("ingress_cidrs", "everything")]
    [InlineData("grafana_url", "javascript:alert(1)")]
    [InlineData("grafana_url", "https://user:secret@grafana.example.org")]
    [InlineData("grafana_datasource_name", "a\0b")]
    public async Task What_cannot_be_is_told_at_its_field(string field, string text)
    {
        var settings = field switch
        {
            "ingress_domain" => s_full with { IngressDomain = text },
            "ingress_class" => s_full with { IngressClass = text },
            "ingress_tls_secret_name" => s_full with { IngressTlsSecretName = text },
            "ingress_address" => s_full with { IngressAddress = text },
            "ingress_cidrs" => s_full with { IngressCidrs = text },
            "grafana_url" => s_full with { GrafanaUrl = text },
            _ => s_full with { GrafanaDatasourceName = text },
        };

        var result = await Clusters.UpdateAsync(Cluster.Id, settings with { EnvId = Env.Id }, null, Alice, Cancel);

        Assert.Equal(field, Assert.Single(Assert.IsType<SettingResult.Invalid>(result).Errors).Field);
    }

    [Fact]
    public async Task A_save_over_another_change_is_refused()
    {
        var seen = ClusterSettings.Of(Cluster);
        var theirs = seen with { IngressClass = "nginx" };
        Assert.IsType<SettingResult.Saved>(await Clusters.UpdateAsync(Cluster.Id, theirs, seen, Alice, Cancel));

        Assert.IsType<SettingResult.Conflict>(
            await Clusters.UpdateAsync(Cluster.Id, seen with { IngressClass = "traefik" }, seen, Alice, Cancel));
        Assert.IsType<SettingResult.Saved>(
            await Clusters.UpdateAsync(Cluster.Id, seen with { IngressClass = "traefik" }, theirs, Alice, Cancel));
    }

    [Fact]
    public async Task A_cluster_stays_in_the_env_whose_rights_were_asked_until_the_deployment_is_in_it()
    {
        var other = await AddEnvAsync("other");
        await using var db = await DbAsync();
        await using var save = await db.Database.BeginTransactionAsync(Cancel);
        var made = new Deployment
        {
            Name = "shop",
            KindId = Kind.Id,
            ClusterId = Cluster.Id,
            Namespace = "web-shop",
            HelmChartId = Chart.Id,
        };
        Assert.Equal(Env.Id, (await DeploymentChecks.ForAsync(db, made, Kind, Cancel)).EnvId);

        var moving = MoveAsync(other);
        await UntilAsync("EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event_type = 'Lock' AND query LIKE '%k8s_clusters%')");
        db.Add(made);
        await db.SaveChangesAsync(Cancel);
        await save.CommitAsync(Cancel);

        Assert.Equal("env_id", Assert.Single(Assert.IsType<SettingResult.Invalid>(await moving).Errors).Field);
    }

    [Fact]
    public async Task A_move_is_told_in_each_env_without_the_name_of_the_other()
    {
        var other = await AddEnvAsync("other");

        Assert.IsType<SettingResult.Saved>(await MoveAsync(other));

        await using var db = await DbAsync();
        var told = await db.AuditEvents.OrderBy(e => e.Seq).ToListAsync(Cancel);
        Assert.Equal(
            [((Guid?)Env.Id, """{"left":"demo"}"""), (other, """{"joined":"other"}""")],
            told.Select(e => (e.EnvId, e.Detail.ToJsonString())));
        Assert.All(told, e => Assert.Equal((AuditAction.ClusterEnvChanged, "one"), (e.Action, e.SubjectName)));
    }

    private Task<SettingResult> MoveAsync(Guid envId) =>
        Clusters.ChangeAsync(Cluster.Id, settings => settings with { EnvId = envId }, seen: null, Alice, Cancel);

    private async Task<Guid> AddEnvAsync(string name)
    {
        await using var db = await DbAsync();
        var env = new Env { Name = name };
        db.Add(env);
        await db.SaveChangesAsync(Cancel);
        return env.Id;
    }

    [Fact]
    public async Task A_cluster_with_deployments_neither_changes_its_env_nor_goes()
    {
        await AddDeploymentAsync();
        var other = new Env { Name = "other" };
        await using (var db = await DbAsync())
        {
            db.Add(other);
            await db.SaveChangesAsync(Cancel);
        }

        var moved = await Clusters.UpdateAsync(
            Cluster.Id, ClusterSettings.Of(Cluster) with { EnvId = other.Id }, null, Alice, Cancel);
        Assert.Equal("env_id", Assert.Single(Assert.IsType<SettingResult.Invalid>(moved).Errors).Field);
        Assert.Contains("1 deployment", Assert.IsType<SettingResult.Conflict>(
            await Clusters.DeleteAsync(Cluster.Id, Alice, Cancel)).Message, StringComparison.Ordinal);

        await ExecuteAsync("UPDATE deployments SET deleted_at = now()");
        Assert.IsType<SettingResult.Saved>(await Clusters.UpdateAsync(
            Cluster.Id, ClusterSettings.Of(Cluster) with { EnvId = other.Id }, null, Alice, Cancel));
    }

    [Fact]
    public async Task A_deleted_cluster_keeps_its_name_for_the_history_and_loses_its_kubeconfig()
    {
        await ExecuteAsync(@"UPDATE k8s_clusters SET kubeconfig = '\x00'");

        Assert.IsType<SettingResult.Saved>(await Clusters.DeleteAsync(Cluster.Id, Alice, Cancel));

        await using var db = await DbAsync();
        var cluster = await db.Clusters.SingleAsync(Cancel);
        Assert.Equal("one", cluster.Name);
        Assert.NotNull(cluster.DeletedAt);
        Assert.Null(cluster.Kubeconfig);
        Assert.IsType<SettingResult.NotFound>(await Clusters.DeleteAsync(Cluster.Id, Alice, Cancel));
        Assert.Empty(await Services.GetRequiredService<SiteLists>().ClustersAsync(null, Cancel));
    }

    [Theory]
    [InlineData("cart-shopping", true)]
    [InlineData("", false)]
    [InlineData("a\" onload=\"x", false)]
    public async Task An_icon_is_a_plain_name(string icon, bool isSaved)
    {
        var result = await Services.GetRequiredService<RegistryEditor>().SetIconAsync(Registry.Id, icon, Alice, Cancel);

        Assert.Equal(isSaved, result is SettingResult.Saved);
        await using var db = await DbAsync();
        Assert.Equal(isSaved ? icon : "question", (await db.Registries.SingleAsync(Cancel)).FaIcon);
    }
}
