using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

public sealed class FinalValuesTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private const string Form = """
        {"inputs": [
           {"id": "database", "type": "CollectionSelect", "collection": "secrets", "label": "Database"},
           {"id": "password", "type": "text", "label": "Password", "sensitive": true},
           {"id": "size", "type": "number", "label": "Size", "required": true}],
         "outputs": {"values": [
           {"path": ["database", "url"], "value": {"FieldProperty": {"input": "database", "property": "contents"}}},
           {"path": ["database", "name"], "value": {"FieldProperty": {"input": "database", "property": "name"}}},
           {"path": ["password"], "value": {"FieldValue": {"input": "password"}}},
           {"path": ["size"], "value": {"FieldValue": {"input": "size"}}}]}}
        """;

    [Fact]
    public async Task A_preview_shows_what_is_chosen_and_no_secret_of_it()
    {
        var secret = await AddSecretAsync("postgres://planted");

        var result = await PreviewAsync(
            $$"""{"database": "{{secret}}", "password": {"$sensitive": true}, "size": 2}""", Cluster.Id);

        var values = Assert.IsType<FinalValuesResult.Shown>(result).Preview.ToJson();
        Assert.Equal("main", values["database"]!["name"]!.GetValue<string>());
        Assert.Equal(ValueMask.Text, values["database"]!["url"]!.GetValue<string>());
        Assert.Equal(ValueMask.Text, values["password"]!.GetValue<string>());
        Assert.DoesNotContain("planted", values.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_deployed_is_said_in_place_of_a_preview()
    {
        var result = await PreviewAsync("{}", Cluster.Id);

        Assert.Contains("Size", Assert.IsType<FinalValuesResult.Refused>(result).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_of_another_env_gives_nothing_away()
    {
        var cluster = new Cluster { ProviderId = "x", Name = "elsewhere", RegionName = "local" };
        await using (var db = await DbAsync())
        {
            db.Add(cluster);
            await db.SaveChangesAsync(Cancel);
        }

        Assert.IsType<FinalValuesResult.Refused>(await PreviewAsync("""{"size": 2}""", cluster.Id));
    }

    private async Task<FinalValuesResult> PreviewAsync(string inputs, Guid clusterId)
    {
        var chart = NewChart("2.0.0");
        chart.ValuesUi = JsonNode.Parse(Form)!.AsObject();
        await using (var db = await DbAsync())
        {
            db.Add(chart);
            await db.SaveChangesAsync(Cancel);
        }

        return await Services.GetRequiredService<FinalValues>().PreviewAsync(
            new FinalValuesRequest(
                Env.Id, clusterId, chart.Id, Guid.NewGuid(), "shop", "web-shop", Kind.Name,
                JsonNode.Parse(inputs)!.AsObject(), []),
            Cancel);
    }

    private async Task<Guid> AddSecretAsync(string contents)
    {
        var secret = new EnvSecret { EnvId = Env.Id, Collection = "databases", Name = "main", Contents = [] };
        secret.Contents = Services.GetRequiredService<Envelope>().Seal(contents, secret.Context);
        await using var db = await DbAsync();
        db.Add(secret);
        await db.SaveChangesAsync(Cancel);
        return secret.Id;
    }
}
