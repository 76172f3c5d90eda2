using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Values;

public sealed class CollectionReferencesTests(PostgresServer postgres) : CollectionsTest(postgres)
{
    private const string NotOffered = "This is not one of those that can be chosen here; choose another.";

    private static readonly InputField s_secret = Input(new InputCollection.Secrets(), ("collection", "db-creds"));

    [Fact]
    public async Task What_an_input_refers_to_is_there_in_the_env_and_fits()
    {
        var good = await AddSecretAsync("db-creds", "shop-db", "x");
        var wrong = await AddSecretAsync("api-keys", "maps", "x");
        var far = await AddSecretAsync("db-creds", "far-db", "x", OtherEnv);
        var deployment = await AddDeploymentAsync("shop", Cluster);

        Assert.Null(await CheckAsync(s_secret, $"{good.Id}"));
        Assert.Null(await CheckAsync(s_secret, null));
        Assert.Null(await CheckAsync(s_secret, "no id: told elsewhere"));
        Assert.Equal(NotOffered, await CheckAsync(s_secret, $"{wrong.Id}"));
        Assert.Equal(Collections.Gone, await CheckAsync(s_secret, $"{far.Id}"));
        Assert.Equal(Collections.Gone, await CheckAsync(s_secret, $"{deployment.Id}"));
        var several = s_secret with { IsArray = true };
        Assert.Equal(Collections.Gone, await CheckAsync(several, new JsonArray($"{good.Id}", $"{Guid.NewGuid()}")));
        Assert.Null(await CheckAsync(several, new JsonArray($"{good.Id}", $"{good.Id}")));
        Assert.Null(await CheckAsync(s_secret with { ShowIf = false }, $"{far.Id}"));
    }

    [Fact]
    public async Task A_deployment_that_is_disabled_may_still_be_referred_to_but_not_one_deleted()
    {
        var off = await AddDeploymentAsync("off", Cluster, enabled: false);
        var gone = await AddDeploymentAsync("gone", Cluster, deletedAt: DateTimeOffset.UnixEpoch);
        var field = Input(new InputCollection.Deployments());

        Assert.Null(await CheckAsync(field, $"{off.Id}"));
        Assert.Equal(Collections.Gone, await CheckAsync(field, $"{gone.Id}"));
    }

    [Fact]
    public void Dependencies_are_those_of_visible_inputs_each_once()
    {
        var (a, b, c) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var ui = new ValuesUi(
            [
                Input(new InputCollection.Deployments()) with { Id = "one" },
                Input(new InputCollection.Deployments()) with { Id = "many", IsArray = true },
                s_secret with { Id = "secret" },
                Input(new InputCollection.Resources(null, "database")) with { Id = "resource" },
                s_secret with { Id = "hidden", ShowIf = false },
                new InputField { Id = "text", Type = InputType.Text, Label = "Text" },
            ], [], []);
        var inputs = new JsonObject
        {
            ["one"] = $"{a}",
            ["many"] = new JsonArray($"{a}", $"{b}", null, "x"),
            ["secret"] = $"{c}",
            ["resource"] = $"{b}",
            ["hidden"] = $"{a}",
            ["text"] = $"{b}",
        };

        Assert.Equal(
            [
                new Reference(DependencyKind.Deployment, a), new Reference(DependencyKind.Deployment, b),
                new Reference(DependencyKind.Secret, c), new Reference(DependencyKind.Resource, b),
            ],
            Collections.Dependencies(ui, inputs));
    }

    [Fact]
    public async Task Properties_are_those_that_charts_know()
    {
        var deployment = await AddDeploymentAsync("shop", Cluster);
        var secret = await AddSecretAsync("db-creds", "shop-db", "canary\nline");
        var id = Guid.CreateVersion7();
        var props = Sensitive.Seal(
            new ValuesUi([s_secret with { Id = "pin", Sensitive = true }], [], []), InputOwner.Resource(id),
            new JsonObject { ["pin"] = "swordfish", ["size"] = 3, ["id"] = "mine" }, null).Inputs;
        await AddResourceAsync(await AddTypeAsync("database", Env), "orders", deployment, props, id);

        var found = await PropertiesAsync(
            (DependencyKind.Deployment, deployment.Id), (DependencyKind.Secret, secret.Id),
            (DependencyKind.Resource, id));

        var shop = found.TryGet(deployment.Id)!;
        Assert.Equal(["id", "created_at", "name", "kind", "cluster_id", "enabled"], shop.Select(p => p.Key));
        Assert.Equal(("shop", "Web", true), ((string)shop["name"]!, (string)shop["kind"]!, (bool)shop["enabled"]!));
        Assert.Equal(
            $$"""{"id":"{{secret.Id}}","created_at":"1970-01-01T00:00:00Z","updated_at":"1970-01-01T00:00:01.5Z","env_id":"{{Env.Id}}","collection":"db-creds","name":"shop-db","contents":"canary\nline"}""",
            found.TryGet(secret.Id)!.ToJsonString());
        Assert.Equal(
            $$"""{"id":"{{id}}","name":"orders","pin":"swordfish","size":3}""", found.TryGet(id)!.ToJsonString());
        Assert.Equal(["canary\nline", "swordfish"], found.Secrets);
    }

    [Fact]
    public async Task Nothing_is_told_of_another_env_another_kind_or_what_is_gone()
    {
        var far = await AddSecretAsync("db-creds", "far-db", "x", OtherEnv);
        var near = await AddSecretAsync("db-creds", "near-db", "x");
        var away = await AddDeploymentAsync("away", OtherCluster);

        var found = await PropertiesAsync(
            (DependencyKind.Secret, far.Id), (DependencyKind.Deployment, near.Id), (DependencyKind.Deployment, away.Id),
            (DependencyKind.Resource, Guid.NewGuid()));

        Assert.Empty(found.Items);
        Assert.Empty(found.Secrets);
    }

    [Fact]
    public async Task A_secret_put_back_to_an_older_version_does_not_open()
    {
        var secret = await AddSecretAsync("db-creds", "shop-db", "x");
        await ExecuteAsync("UPDATE secrets SET version = version + 1");

        await Assert.ThrowsAsync<EnvelopeException>(() => PropertiesAsync((DependencyKind.Secret, secret.Id)));
    }

    private async Task<ReferencedItems> PropertiesAsync(params (DependencyKind Kind, Guid Id)[] references)
    {
        await using var db = await DbAsync();
        return await Collections.PropertiesAsync(
            db, Env.Id, [.. references.Select(r => new Reference(r.Kind, r.Id))], Cancel);
    }

    private async Task<string?> CheckAsync(InputField field, JsonNode? value)
    {
        await using var db = await DbAsync();
        var errors = await Collections.CheckAsync(
            db, Env.Id, self: null, new ValuesUi([field], [], []), new JsonObject { [field.Id] = value }, Cancel);
        Assert.All(errors, error => Assert.Equal("config.it", error.Field));
        return errors.SingleOrDefault()?.Message;
    }
}
