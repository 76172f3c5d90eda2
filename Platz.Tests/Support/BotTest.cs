using System.Net;
using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;

namespace Platz.Tests.Support;

/// <summary>
/// A test with one bot, Maintainer of the kind Web in the env demo, beside another kind there and another env.
/// </summary>
public abstract class BotTest(PostgresServer postgres) : WebTest(postgres)
{
    protected Env Stage { get; } = new() { Name = "stage" };

    protected Kind Worker { get; } = new() { Name = "Worker" };

    protected Deployment Own { get; private set; } = null!;

    protected Deployment OtherKind { get; private set; } = null!;

    protected Deployment OtherEnv { get; private set; } = null!;

    protected Guid BotId { get; private set; }

    /// <summary>Speaks as the bot.</summary>
    protected HttpClient Ci { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await ExecuteAsync("""
            UPDATE helm_charts SET actions_schema = (
                SELECT json_agg(json_build_object('apiVersion', 'platz.io/v1beta1', 'kind', 'Action', 'spec',
                    json_build_object('id', id, 'title', id, 'description', '', 'allowed_role', role,
                        'endpoint', 'standard_ingress', 'path', '/' || id, 'method', 'POST')))
                FROM (VALUES ('reindex', 'Maintainer'), ('wipe', 'Owner')) AS a(id, role))
            """);
        await AddPlacesAsync();
        BotId = Guid.Parse(Text(await PostAsync("/api/v2/bots", new { display_name = "ci" }, HttpStatusCode.Created), "id"));
        await PostAsync("/api/v2/deployment-bot-permissions",
            new { env_id = Env.Id, kind_id = Kind.Id, bot_id = BotId, role = "Maintainer" }, HttpStatusCode.Created);
        var token = await PostAsync("/api/v2/bot-tokens", new { bot_id = BotId, name = "pipeline" }, HttpStatusCode.Created);
        Ci = Server.Client();
        Ci.DefaultRequestHeaders.Add("x-platz-token", Text(token, "created_token"));
    }

    public override async ValueTask DisposeAsync()
    {
        Ci.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task AddPlacesAsync()
    {
        var cluster = new Cluster { EnvId = Stage.Id, ProviderId = "config:stage", Name = "stage", RegionName = "eu" };
        await using (var db = await DbAsync())
        {
            db.AddRange(Stage, Worker);
            await db.SaveChangesAsync(Cancel);
            db.Add(cluster);
            await db.SaveChangesAsync(Cancel);
        }

        Own = await AddAsync("own", Kind.Id, Cluster.Id);
        OtherKind = await AddAsync("other-kind", Worker.Id, Cluster.Id);
        OtherEnv = await AddAsync("other-env", Kind.Id, cluster.Id);
    }

    private async Task<Deployment> AddAsync(string name, Guid kindId, Guid clusterId)
    {
        await using var db = await DbAsync();
        var deployment = new Deployment
        {
            Name = name,
            KindId = kindId,
            ClusterId = clusterId,
            Namespace = name,
            HelmChartId = Chart.Id,
        };
        db.Add(deployment);
        await db.SaveChangesAsync(Cancel);
        db.Add(new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = clusterId,
            DeploymentId = deployment.Id,
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Name = name,
        });
        await db.SaveChangesAsync(Cancel);
        return deployment;
    }

    protected async Task RefusedAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Body(body) };
        using var response = await Ci.SendAsync(request, Cancel);
        Assert.True(response.StatusCode == expected, $"{method} {path}: {(int)response.StatusCode}");
    }

    protected Task<HttpResponseMessage> InvokeAsync(Deployment deployment, string action) => AskAsync(deployment, new JsonObject
    {
        ["InvokeAction"] = new JsonObject { ["helm_chart_id"] = $"{Chart.Id}", ["action_id"] = action, ["body"] = new JsonObject() },
    });

    protected async Task<HttpResponseMessage> RestartAsync(Deployment deployment)
    {
        await using var db = await DbAsync();
        var resource = db.K8sResources.Single(r => r.DeploymentId == deployment.Id);
        return await AskAsync(deployment, new JsonObject
        {
            ["RestartK8sResource"] = new JsonObject { ["resource_id"] = $"{resource.Id}", ["resource_name"] = resource.Name },
        });
    }

    private Task<HttpResponseMessage> AskAsync(Deployment deployment, JsonObject operation) => Ci.PostAsync(
        "/api/v2/deployment-tasks",
        Body(new JsonObject { ["deployment_id"] = $"{deployment.Id}", ["operation"] = operation }),
        Cancel);

    protected async Task<Guid> EndAsync(DeploymentTaskStatus status)
    {
        var last = Guid.Empty;
        while (await Queue.ClaimAsync(Claims(), Cancel) is { Count: > 0 } tasks)
        {
            await Queue.FinishAsync([.. tasks.Select(t => Done(t) with
            {
                Status = status,
                Revision = status is DeploymentTaskStatus.Done ? RevisionChange.Record : RevisionChange.Keep,
            })]);
            last = tasks[^1].Id;
        }

        return last;
    }
}
