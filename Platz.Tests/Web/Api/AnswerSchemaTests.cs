using System.Net;
using System.Text.Json.Nodes;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>What is answered is what the documents say is answered.</summary>
public sealed class AnswerSchemaTests(PostgresServer postgres) : WebTest(postgres)
{
    private DocumentSchemas _document = null!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_are_as_our_document_says_and_as_that_of_the_existing_product(bool isOurs)
    {
        _document = new(isOurs ? await GetAsync("/openapi/v2.json") : await UpstreamDocument.ReadForAnswersAsync(Cancel));
        var deployment = await SeedAsync();

        foreach (var (path, _) in _document.Paths.Where(p => IsCollection(p.Key, p.Value!)))
        {
            var items = await CheckAsync("get", path, path);
            if (items["items"]!.AsArray() is [{ } first, ..] && _document.Paths[$"{path}/{{id}}"]?["get"] is not null)
            {
                await CheckAsync("get", $"{path}/{{id}}", $"{path}/{Text(first, "id")}");
            }
        }

        await CheckAsync("get", "/api/v2/auth/me", "/api/v2/auth/me");
        await CheckAsync("get", "/api/v2/server", "/api/v2/server");
        if (!isOurs)
        {
            return;
        }

        await CheckAsync("get", "/api/v2/deployments/{id}/values", $"/api/v2/deployments/{deployment}/values");
        _document.Check(
            "/api/v2/envs", _document["Problem"], await PostAsync("/api/v2/envs", new { name = "" }, HttpStatusCode.UnprocessableEntity));
    }

    /// <summary>Something of every kind that the API lists without a cluster.</summary>
    private async Task<string> SeedAsync()
    {
        var made = await PostAsync("/api/v2/deployments", new JsonObject
        {
            ["name"] = "shop",
            ["kind_id"] = Kind.Id.ToString(),
            ["cluster_id"] = Cluster.Id.ToString(),
            ["helm_chart_id"] = Chart.Id.ToString(),
            ["values_override"] = new JsonObject { ["size"] = 1 },
        }, HttpStatusCode.Created);
        await Queue.FinishAsync([Done(Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)))]);
        await PutAsync($"/api/v2/deployments/{made["id"]}", new { config = new { a = 1 } }, HttpStatusCode.OK);
        await ExecuteAsync("""
            UPDATE deployments SET reported_status = '{"timestamp":"2026-01-31T12:00:00Z","get_successful":true,"error":null,
              "content":{"status":{"name":"Ready"},"metrics":[{"value":1}]}}'
            """);
        var id = Text(made, "id");
        foreach (var operation in new Operation[]
        {
            new Reinstall("secret a/b changed", []), new Recreate(Cluster.Id, "a", Cluster.Id, "b", Chart.Id, [], null), new Uninstall(),
            new InvokeAction(Chart.Id, "reindex", []), new RestartK8sResource(Guid.NewGuid(), "pod"),
        })
        {
            await EnqueueAsync(TaskFor(await AddDeploymentAsync($"x{operation.GetType().Name.ToLowerInvariant()}"), operation));
        }

        await PostAsync("/api/v2/secrets", new { env_id = Env.Id, collection = "a", name = "b", contents = "c" }, HttpStatusCode.Created);
        var bot = await PostAsync("/api/v2/bots", new { display_name = "ci" }, HttpStatusCode.Created);
        await PostAsync("/api/v2/bot-tokens", new { bot_id = Text(bot, "id") }, HttpStatusCode.Created);
        await PostAsync("/api/v2/env-bot-permissions", new { env_id = Env.Id, bot_id = Text(bot, "id"), role = "User" }, HttpStatusCode.Created);
        return id;
    }

    private static bool IsCollection(string path, JsonNode methods) => !path.Contains('{', StringComparison.Ordinal)
        && methods["get"]?["responses"]?["200"]?["content"]?["application/json"]?["schema"]?["properties"]?["items"] is not null;

    private async Task<JsonNode> CheckAsync(string method, string route, string path)
    {
        var answer = await GetAsync(path);
        _document.Check(route, _document.Paths[route]![method]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!, answer);
        return answer;
    }
}
