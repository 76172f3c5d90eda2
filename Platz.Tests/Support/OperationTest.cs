using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;

namespace Platz.Tests.Support;

/// <summary>A test of single operations: two clusters with an ingress each, and tasks queued as they are.</summary>
public abstract class OperationTest(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    protected SandboxServer Other { get; private set; } = null!;

    /// <summary>What the form of kitchen-sink needs at least.</summary>
    protected static JsonObject Inputs => new() { ["title"] = "Pantry", ["replicas"] = 1, ["memory"] = 64 };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Other = await AddClusterAsync("other");
    }

    /// <summary>A deployment that is installed and runs; its pods answer over the ingress.</summary>
    protected async Task<Deployment> InstallAsync(string name)
    {
        var saved = await SaveAsync(name);
        var install = await EndOfAsync(saved.TaskId);
        Assert.Equal((DeploymentTaskStatus.Done, null), (install.Status, install.Reason));
        return await DeploymentAsync(saved.DeploymentId);
    }

    /// <summary>A deployment whose Install is queued.</summary>
    protected Task<SaveResult.Saved> SaveAsync(string name) => DeployAsync(
        "kitchen-sink", "1.0.0", name, Inputs, IngressFor("sandbox", $"kitchensink-{name}"));

    protected Task<Guid> QueueAsync(Deployment deployment, Operation operation) => EnqueueAsync(
        TaskFor(deployment, operation) with
        {
            ClusterId = operation is Recreate move ? move.NewClusterId : deployment.ClusterId,
            Namespace = operation is Recreate to ? to.NewNamespace : deployment.Namespace,
        });

    /// <summary>Saves the deployment at its new place, and queues what takes it there.</summary>
    protected async Task<Guid> MoveAsync(Deployment deployment, string cluster, string ns)
    {
        var to = await ClusterAsync(cluster);
        await using var db = await DbAsync();
        await db.Deployments.Where(d => d.Id == deployment.Id).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.ClusterId, to.Id).SetProperty(d => d.Namespace, ns), Cancel);
        return await QueueAsync(deployment, new Recreate(
            deployment.ClusterId, deployment.Namespace, to.Id, ns, deployment.HelmChartId, deployment.Config, IngressFor(cluster, ns)));
    }

    /// <summary>What the cluster has of this deployment, as a watch would have written it down.</summary>
    protected async Task<K8sResource> ResourceAsync(Deployment deployment, string kind, string path)
    {
        var list = await Sandbox.UntilAsync(
            path.Replace("{ns}", deployment.Namespace, StringComparison.Ordinal),
            l => l["items"]!.AsArray().Any(IsLasting), Cancel);
        var found = list["items"]!.AsArray().First(IsLasting)!["metadata"]!;
        var resource = new K8sResource
        {
            Id = Guid.Parse(found["uid"]!.ToString()),
            ClusterId = deployment.ClusterId,
            DeploymentId = deployment.Id,
            Kind = kind,
            ApiVersion = kind == "Pod" ? "v1" : "apps/v1",
            Name = found["name"]!.ToString(),
            LastUpdatedAt = DateTimeOffset.UnixEpoch,
        };
        // The runner's own watch may be writing it down at this moment too.
        await ExecuteAsync($"""
            INSERT INTO k8s_resources (id, last_updated_at, cluster_id, deployment_id, kind, api_version, name, status_color, metadata)
            VALUES ('{resource.Id}', now(), '{resource.ClusterId}', '{resource.DeploymentId}', '{resource.Kind}',
                '{resource.ApiVersion}', '{resource.Name}', ARRAY[]::text[], jsonb_build_object())
            ON CONFLICT DO NOTHING
            """);
        return resource;
    }

    /// <summary>Gives the deployment's chart these actions, and an ingress.</summary>
    protected async Task SetActionsAsync(Deployment deployment, params ChartAction[] actions)
    {
        await using var db = await DbAsync();
        var chart = await db.Charts.SingleAsync(c => c.Id == deployment.HelmChartId, Cancel);
        ChartSchemaJson.Write(chart, new ChartSchema(null, actions, new ChartFeatures { Ingress = true }, []));
        await db.SaveChangesAsync(Cancel);
    }

    protected static ChartAction Action(string id, string path, HttpVerb method = HttpVerb.POST) => new()
    {
        Id = id,
        Title = id,
        Description = id,
        AllowedRole = ActionRole.Maintainer,
        Target = new HttpTarget(path, method),
    };

    protected static async Task<bool> IsThereAsync(SandboxServer cluster, string ns) =>
        (string?)(await cluster.GetAsync($"/api/v1/namespaces/{ns}", Cancel))["kind"] == "Namespace";

    protected async Task<List<string>> PhasesAsync(Guid taskId) =>
        [.. (await History.PhasesAsync(taskId, Cancel)).Select(p => p.Phase)];

    private static bool IsLasting(JsonNode? item) => item!["metadata"]!["deletionTimestamp"] is null;

    /// <summary>As the platform block will say it.</summary>
    private static JsonObject IngressFor(string cluster, string ns) => new()
    {
        ["ingress"] = new JsonObject
        {
            ["enabled"] = true,
            ["hosts"] = new JsonArray(new JsonObject
            {
                ["host"] = $"{ns}.{cluster}.test",
                ["paths"] = new JsonArray(new JsonObject { ["path"] = "/", ["pathType"] = "Prefix" }),
            }),
        },
    };
}
