using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Chaos.Databases;

/// <summary>The rows that tasks need: an env, clusters that nobody answers for, deployments on them.</summary>
internal sealed record Scene(Env Env, IReadOnlyList<Cluster> Clusters, Chart Chart, Actor Actor)
{
    private const string KindName = "Chaos";

    /// <summary>Of a cluster that is never called: no-ops need none.</summary>
    private const string Kubeconfig = """
        apiVersion: v1
        kind: Config
        current-context: none
        contexts: [{ name: none, context: { cluster: none, user: none } }]
        clusters: [{ name: none, cluster: { server: "https://127.0.0.1:9", insecure-skip-tls-verify: true } }]
        users: [{ name: none, user: { token: none } }]
        """;

    public IReadOnlyList<Deployment> Deployments { get; init; } = [];

    public static async Task<Scene> SetAsync(ChaosDatabase database, int clusters, int deployments, CancellationToken cancel)
    {
        var env = new Env { Name = "chaos" };
        var kind = new Kind { Name = KindName };
        var registry = new Registry { DomainName = "registry.test", RepoName = "chaos", KindId = kind.Id, SourceName = "chaos" };
        var chart = new Chart
        {
            CreatedAt = DateTimeOffset.UnixEpoch,
            HelmRegistryId = registry.Id,
            ImageDigest = "sha256:0",
            ImageTag = "1.0.0",
            ChartName = "chaos",
            ExtensionFiles = [],
        };
        var user = new User { DisplayName = "Chaos", Email = "chaos@example.org", IsAdmin = true };
        var envelope = database.Get<Envelope>();
        var places = Enumerable.Range(0, clusters).Select(i => new Cluster
        {
            EnvId = env.Id,
            ProviderId = $"chaos:{i}",
            Name = $"cluster-{i}",
            RegionName = "local",
        }).ToList();
        places.ForEach(c => c.Kubeconfig = envelope.Seal(Kubeconfig, c.KubeconfigContext));
        var apps = Enumerable.Range(0, deployments).Select(i => new Deployment
        {
            Name = $"app-{i}",
            KindId = kind.Id,
            ClusterId = places[i % clusters].Id,
            Namespace = Location.Name(KindName, $"app-{i}"),
            HelmChartId = chart.Id,
        }).ToList();

        await using var db = await database.DbAsync(cancel);
        foreach (var rows in new object[][] { [env, kind, user], [registry, .. places], [chart], [.. apps] })
        {
            db.AddRange(rows);
            await db.SaveChangesAsync(cancel);
        }

        return new Scene(env, places, chart, new Actor.User(user.Id, user.DisplayName)) { Deployments = apps };
    }

    public NewTask Task(Deployment deployment, Operation operation) => new()
    {
        DeploymentId = deployment.Id,
        EnvId = Env.Id,
        ClusterId = deployment.ClusterId,
        Operation = operation,
        Actor = Actor,
        KindName = KindName,
        DeploymentName = deployment.Name,
        ClusterName = Clusters.Single(c => c.Id == deployment.ClusterId).Name,
        Namespace = deployment.Namespace,
        ChartVersion = Chart.ImageTag,
    };

    /// <summary>Queues it in a transaction of its own.</summary>
    public static async Task<Guid> EnqueueAsync(ChaosDatabase database, NewTask task, CancellationToken cancel)
    {
        await using var db = await database.DbAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var id = await TaskQueue.EnqueueAsync(db, task, cancel);
        await transaction.CommitAsync(cancel);
        return id;
    }
}
