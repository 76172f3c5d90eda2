using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Values;

public sealed class CollectionChoicesTests(PostgresServer postgres) : CollectionsTest(postgres)
{
    private static readonly InputCollection s_deployments = new InputCollection.Deployments();
    private static readonly InputCollection s_secrets = new InputCollection.Secrets();

    [Fact]
    public async Task Offers_the_deployments_that_run_in_the_env()
    {
        await AddDeploymentAsync("shop", Cluster);
        await AddDeploymentAsync("cart", Cluster);
        await AddDeploymentAsync("", Cluster);
        await AddDeploymentAsync("off", Cluster, enabled: false);
        await AddDeploymentAsync("gone", Cluster, deletedAt: DateTimeOffset.UnixEpoch);
        await AddDeploymentAsync("far", OtherCluster);

        var items = await Collections.ChoicesAsync(Env.Id, self: null, Input(s_deployments), chosen: null, Cancel);

        Assert.Equal(["cart", "shop", "Web"], items.Select(item => item.Label));
        Assert.All(items, item => Assert.Equal("Web on one", item.Detail));
    }

    [Fact]
    public async Task Filters_leave_what_meets_them_all()
    {
        await AddDeploymentAsync("shop", Cluster);
        await AddDeploymentAsync("cart", Cluster);

        Assert.Equal(
            ["shop"],
            await LabelsAsync(Input(s_deployments, ("kind", "Web"), ("name", "shop"), ("enabled", true))));
        Assert.Equal(["cart", "shop"], await LabelsAsync(Input(s_deployments, ("cluster_id", $"{Cluster.Id}"))));
        Assert.Empty(await LabelsAsync(Input(s_deployments, ("kind", "Web"), ("name", "till"))));
        Assert.Empty(await LabelsAsync(Input(s_deployments, ("colour", "red"))));
    }

    [Fact]
    public async Task Offers_the_secrets_of_the_env_and_never_looks_inside()
    {
        await AddSecretAsync("db-creds", "shop-db", "canary");
        await AddSecretAsync("api-keys", "maps", "canary");
        await AddSecretAsync("db-creds", "far-db", "canary", OtherEnv);

        Assert.Equal(["maps", "shop-db"], await LabelsAsync(Input(s_secrets)));
        Assert.Equal(["shop-db"], await LabelsAsync(Input(s_secrets, ("collection", "db-creds"))));
        Assert.Empty(await LabelsAsync(Input(s_secrets, ("contents", "canary"))));
    }

    [Fact]
    public async Task Offers_resources_of_the_type_that_the_env_has()
    {
        var near = await AddDeploymentAsync("postgres", Cluster);
        var far = await AddDeploymentAsync("mysql", OtherCluster);
        var (local, global) = (await AddTypeAsync("database", Env), await AddTypeAsync("database", null));
        var (other, foreign) = (await AddTypeAsync("queue", Env), await AddTypeAsync("database", OtherEnv));
        await AddResourceAsync(local, "orders", near, new JsonObject { ["size"] = 3, ["pin"] = Sealed });
        await AddResourceAsync(local, "dropped", near, exists: false);
        await AddResourceAsync(global, "shared", null);
        await AddResourceAsync(global, "elsewhere", far);
        await AddResourceAsync(other, "mails", near);
        await AddResourceAsync(foreign, "foreign", null);

        Assert.Equal(["orders", "shared"], await LabelsAsync(Input(Resources("Web", "database"))));
        Assert.Equal(["orders", "shared"], await LabelsAsync(Input(Resources(null, "database"))));
        Assert.Empty(await LabelsAsync(Input(Resources("Api", "database"))));
        Assert.Equal(["orders"], await LabelsAsync(Input(Resources(null, "database"), ("size", 3))));
        Assert.Empty(await LabelsAsync(Input(Resources(null, "database"), ("pin", Sealed))));
        var items = await Collections.ChoicesAsync(Env.Id, self: null, Input(Resources("Web", "database")), chosen: null, Cancel);
        Assert.Equal([near.Namespace, null], items.Select(item => item.Detail));
    }

    private static JsonObject Sealed => new() { ["$sealed"] = "AQID" };

    private static InputCollection.Resources Resources(string? kind, string type) => new(kind, type);
}
