using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Tests.Support;

namespace Platz.Tests.Gallery;

/// <summary>
/// An installation as a team of some size has it: envs, clusters, charts, people and deployments in every state. What
/// happened in it is told by <see cref="GalleryPast"/>.
/// </summary>
internal sealed class GalleryWorld(PlatzDb db, DateTimeOffset now)
{
    private static readonly string[] s_webVersions = ["1.4.0", "1.5.0", "1.5.1", "1.6.0"];
    private static readonly string[] s_workerVersions = ["0.9.0", "1.0.0"];

    private readonly List<Deployment> _deployments = [];

    public Env Production { get; } = new() { Name = "production", NodeSelector = new JsonObject { ["pool"] = "apps" } };

    public Env Staging { get; } = new() { Name = "staging" };

    public Env Empty { get; } = new() { Name = "sandbox-team" };

    public Kind Web { get; } = new() { Name = "WebService" };

    public Kind Worker { get; } = new() { Name = "Worker" };

    public User Dana { get; } = new() { DisplayName = "Dana Fischer", Email = "dana@example.org" };

    public User Ravi { get; } = new() { DisplayName = "Ravi Menon", Email = "ravi@example.org" };

    public Bot Ci { get; } = new() { DisplayName = "ci-deploy" };

    public IReadOnlyList<Cluster> Clusters { get; private set; } = [];

    public IReadOnlyList<Chart> WebCharts { get; private set; } = [];

    public IReadOnlyList<Chart> WorkerCharts { get; private set; } = [];

    public IReadOnlyList<Deployment> Deployments => _deployments;

    /// <summary>The one that most pages are shown with: a form of its own, and tasks of every kind.</summary>
    public Deployment Payments { get; private set; } = null!;

    public Deployment Failing { get; private set; } = null!;

    public IReadOnlyList<DeploymentResource> Databases { get; set; } = [];

    public async Task MakeAsync(CancellationToken cancel)
    {
        db.AddRange(Production, Staging, Empty, Web, Worker, Dana, Ravi, Ci);
        await db.SaveChangesAsync(cancel);
        AddClusters();
        AddCharts();
        db.AddRange(
            new EnvPermission { EnvId = Production.Id, UserId = Dana.Id, Role = EnvRole.Admin },
            new EnvPermission { EnvId = Production.Id, UserId = Ravi.Id, Role = EnvRole.User },
            new DeploymentPermission { EnvId = Production.Id, KindId = Web.Id, BotId = Ci.Id, Role = KindRole.Maintainer });
        await db.SaveChangesAsync(cancel);
        AddDeployments();
        await db.SaveChangesAsync(cancel);
        AddResources();
        await db.SaveChangesAsync(cancel);
    }

    private void AddClusters()
    {
        Clusters =
        [
            NewCluster("eu-central", "eu-central-1", Production), NewCluster("us-east", "us-east-1", Production),
            NewCluster("staging", "eu-central-1", Staging),
        ];
        Clusters[1].IsOk = false;
        Clusters[1].NotOkReason = "The API server does not answer: connection refused.";
        db.AddRange(Clusters);
    }

    private Cluster NewCluster(string name, string region, Env env) => new()
    {
        EnvId = env.Id,
        ProviderId = $"config:{name}",
        Name = name,
        RegionName = region,
        LastSeenAt = now.AddSeconds(-20),
        IngressDomain = $"{name}.example.org",
        GrafanaUrl = "https://grafana.example.org",
        GrafanaDatasourceName = "loki",
        IsSandbox = name == "staging",
    };

    private void AddCharts()
    {
        var web = NewRegistry("web-service", Web);
        var worker = NewRegistry("worker", Worker);
        var broken = NewRegistry("legacy", Worker);
        broken.Available = false;
        broken.Error = "registry.example.org answered 401 to the list of tags: check the password.";
        WebCharts = [.. s_webVersions.Select((v, i) => NewChart(web, "web-service", v, 60 - (15 * i)))];
        WorkerCharts = [.. s_workerVersions.Select((v, i) => NewChart(worker, "worker", v, 50 - (20 * i)))];
        foreach (var chart in WebCharts)
        {
            SampleSchema.Into(chart, "kitchen-sink", "1.0.0");
        }

        var bad = NewChart(worker, "worker", "1.1.0-rc.1", 2);
        bad.Error = "platz/values-ui.yaml, line 12: the input 'replicas' has the type 'numbr', which does not exist.";
        db.AddRange([web, worker, broken, .. WebCharts, .. WorkerCharts, bad]);
    }

    private static Registry NewRegistry(string repo, Kind kind) =>
        new() { DomainName = "registry.example.org", RepoName = $"charts/{repo}", KindId = kind.Id, SourceName = repo };

    private Chart NewChart(Registry registry, string name, string version, int daysAgo) => new()
    {
        CreatedAt = now.AddDays(-daysAgo),
        HelmRegistryId = registry.Id,
        ImageDigest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name + version)))}",
        ImageTag = version,
        ChartName = name,
        ExtensionFiles = [],
        Description = $"The {name} of the platform team",
    };

    private void AddDeployments()
    {
        Payments = Add("payments-api", Web, 0, WebCharts[2], DeploymentStatus.Running);
        Payments.DescriptionMd = "Takes **card payments** for the shop.\n\n- Owner: team Checkout\n- [Runbook](https://wiki.example.org/payments)";
        Payments.ReportedStatus = Reported("Running", "success");
        Failing = Add("checkout", Web, 0, WebCharts[3], DeploymentStatus.Error);
        Failing.Reason = GalleryPast.PullFailure;
        Add("storefront", Web, 0, WebCharts[3], DeploymentStatus.Upgrading);
        Add("search", Web, 1, WebCharts[1], DeploymentStatus.Running);
        Add("recommendations", Web, 1, WebCharts[0], DeploymentStatus.Uninstalled).Enabled = false;
        Add("mailer", Worker, 0, WorkerCharts[1], DeploymentStatus.Running);
        Add("invoices", Worker, 0, WorkerCharts[0], DeploymentStatus.Installing);
        Add("exports", Worker, 1, WorkerCharts[1], DeploymentStatus.Running);
        Add("payments-api", Web, 2, WebCharts[3], DeploymentStatus.Running);
    }

    private Deployment Add(string name, Kind kind, int cluster, Chart chart, DeploymentStatus status)
    {
        var deployment = new Deployment
        {
            Name = name,
            KindId = kind.Id,
            ClusterId = Clusters[cluster].Id,
            Namespace = Location.Name(kind.Name, name),
            HelmChartId = chart.Id,
            Status = status,
            Config = kind == Web ? Config(name) : new JsonObject { ["queue"] = name, ["concurrency"] = 8 },
        };
        _deployments.Add(deployment);
        db.Add(deployment);
        return deployment;
    }

    public static JsonObject Config(string title, int replicas = 2) => new()
    {
        ["title"] = title,
        ["replicas"] = replicas,
        ["sampling"] = 0.25,
        ["memory"] = 256,
        ["debug"] = false,
        ["tags"] = new JsonArray("team-checkout", "pci"),
        ["backup"] = false,
    };

    private static JsonObject Reported(string status, string color) => JsonNode.Parse($$$"""
        {"get_successful": true, "error": null, "timestamp": "2026-11-28T12:00:00Z", "content": {
         "status": {"name": "{{{status}}}", "color": "{{{color}}}"},
         "primary_metric": {"value": "312.4", "unit": "req/s", "short_description": "Rate", "color": "success"},
         "metrics": [{"value": "0.2", "unit": "%", "short_description": "Errors"}, {"value": "3", "unit": "pods", "short_description": "Web"}],
         "notices": [{"level": "Warning", "text": "The certificate ends in 12 days"}]}}
        """)!.AsObject();

    private void AddResources()
    {
        foreach (var deployment in _deployments.Where(d => d.Enabled))
        {
            var isBad = deployment == Failing;
            var owner = Resource(deployment, "Deployment", deployment.Namespace, null, isBad, isBad ? 1 : 2, 2);
            foreach (var pod in (string[])["4xk2p", "9dd7w"])
            {
                var bad = isBad && pod == "9dd7w";
                Resource(deployment, "Pod", $"{deployment.Namespace}-6f7d9c-{pod}", owner.Id, bad, bad ? 0 : 1, 1);
            }
        }
    }

    private K8sResource Resource(
        Deployment deployment, string kind, string name, Guid? owner, bool bad, int ready, int desired)
    {
        var resource = new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = deployment.ClusterId,
            DeploymentId = deployment.Id,
            Kind = kind,
            ApiVersion = kind == "Pod" ? "v1" : "apps/v1",
            Name = name,
            OwnerId = owner,
            CreatedAt = now.AddHours(-7),
            LastUpdatedAt = now.AddSeconds(-30),
            StatusColor = bad ? ["danger"] : ["success"],
            Ready = ready,
            Desired = desired,
            Restarts = kind == "Pod" ? 0 : null,
            State = kind == "Pod" ? bad ? "ImagePullBackOff" : "Running" : null,
            Message = bad && kind == "Pod" ? "Back-off pulling image \"registry.example.org/checkout:2.8.1\"" : null,
        };
        db.Add(resource);
        return resource;
    }
}
