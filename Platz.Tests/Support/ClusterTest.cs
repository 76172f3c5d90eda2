using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Tasks;

namespace Platz.Tests.Support;

/// <summary>
/// A test with everything real: a database, a registry with charts in it, a sandbox cluster that runs real helm, and
/// as many runners as the test starts.
/// </summary>
public abstract class ClusterTest(PostgresServer postgres, ChartRegistry registry) : DatabaseTest(postgres)
{
    private readonly List<IAsyncDisposable> _runners = [];
    private readonly List<SandboxServer> _clusters = [];

    /// <summary>The cluster that every such test has: <c>sandbox</c>, in env <c>demo</c>.</summary>
    protected SandboxServer Sandbox => _clusters[0];

    protected ChartRegistry Charts => registry;

    /// <summary>What a runner is configured with; a test may change it before it starts one.</summary>
    protected Dictionary<string, string?> Settings { get; } = [];

    protected DeploymentEditor Editor => Services.GetRequiredService<DeploymentEditor>();

    protected TaskLog Log => Services.GetRequiredService<TaskLog>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Settings["ConnectionStrings:Platz"] = ConnectionString;
        Settings["Secrets:KeyFile"] = KeyFile;
        await AddClusterAsync("sandbox");
        Settings["Registries:PollInterval"] = "00:00:01";
        Settings["Registries:Sources:0:Name"] = "samples";
        Settings["Registries:Sources:0:Url"] = registry.Url;
        Settings["Runner:HeartbeatInterval"] = "00:00:00.500";
        Settings["Runner:LeaseDuration"] = "00:00:04";
        Settings["Runner:RescueInterval"] = "00:00:00.300";
        Settings["Runner:DrainTimeout"] = "00:00:02";
        Settings["Runner:StatusInterval"] = "01:00:00"; // once at the start; who tests statuses sets less
    }

    public override async ValueTask DisposeAsync()
    {
        await StopRunnersAsync();
        foreach (var cluster in _clusters)
        {
            await cluster.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// One more sandbox cluster for the runners started from now on. Its ingress serves <c>*.{name}.test</c>.
    /// </summary>
    protected async Task<SandboxServer> AddClusterAsync(string name, string env = "demo")
    {
        var cluster = new SandboxServer { Configure = options => options.Name = name };
        var key = $"Clusters:{_clusters.Count}";
        _clusters.Add(cluster);
        await cluster.InitializeAsync();
        Settings[$"{key}:Name"] = name;
        Settings[$"{key}:Env"] = env;
        Settings[$"{key}:Kubeconfig"] = cluster.KubeconfigFile;
        Settings[$"{key}:Sandbox"] = "true";
        Settings[$"{key}:IngressDomain"] = $"{name}.test";
        Settings[$"{key}:IngressAddress"] = cluster.IngressAddress;
        Settings[$"{key}:IngressCa"] = cluster.IngressCaFile;
        Settings[$"{key}:IngressTlsSecret"] = "ingress-tls";
        return cluster;
    }

    protected async Task<RunnerHost> StartRunnerAsync()
    {
        var runner = await RunnerHost.StartAsync(Settings, Cancel);
        _runners.Add(runner);
        return runner;
    }

    protected async Task StopRunnersAsync()
    {
        foreach (var runner in _runners)
        {
            await runner.DisposeAsync();
        }

        _runners.Clear();
    }

    protected RunnerProcess StartRunnerProcess()
    {
        var runner = RunnerProcess.Start(Settings);
        _runners.Add(runner);
        return runner;
    }

    /// <summary>The chart as the running discovery found it.</summary>
    protected Task<Chart> ChartAsync(string name, string version) => UntilAsync(async db =>
        await db.Charts.SingleOrDefaultAsync(c => c.ChartName == name && c.ImageTag == version && c.Available, Cancel));

    /// <summary>The cluster as a runner has brought it into the database.</summary>
    protected Task<Cluster> ClusterAsync(string name) =>
        UntilAsync(db => db.Clusters.AsNoTracking().SingleOrDefaultAsync(c => c.Name == name, Cancel));

    /// <summary>Saves a new deployment, and answers with the Install that was queued for it.</summary>
    protected async Task<SaveResult.Saved> DeployAsync(
        string chart, string version, string name, JsonObject? config = null, JsonObject? valuesOverride = null,
        string clusterName = "sandbox")
    {
        var version1 = await ChartAsync(chart, version);
        var cluster = await ClusterAsync(clusterName);
        await using var db = await DbAsync();
        var kind = await db.Registries.Where(r => r.Id == version1.HelmRegistryId).Select(r => r.KindId)
            .SingleAsync(Cancel);
        var result = await Editor.CreateAsync(
            new NewDeployment
            {
                Name = name,
                KindId = kind,
                ClusterId = cluster.Id,
                HelmChartId = version1.Id,
                Config = config ?? [],
                ValuesOverride = valuesOverride ?? [],
            },
            Alice, Cancel);
        return Assert.IsType<SaveResult.Saved>(result);
    }

    /// <summary>Waits until the task has ended.</summary>
    protected Task<DeploymentTask> EndOfAsync(Guid? taskId, int seconds = 60) => UntilAsync(
        async db => await db.Tasks.AsNoTracking().SingleAsync(t => t.Id == taskId, Cancel) is { Status.IsTerminal: true } task
            ? task
            : null,
        seconds);

    protected async Task<Deployment> DeploymentAsync(Guid id)
    {
        await using var db = await DbAsync();
        return await db.Deployments.AsNoTracking().SingleAsync(d => d.Id == id, Cancel);
    }

    protected async Task<string> LogTextAsync(Guid taskId) =>
        string.Join('\n', (await Log.AfterAsync(taskId, 0, 100_000, Cancel)).Lines.Select(l => l.Text));

    /// <summary>Waits until the database shows what is awaited.</summary>
    protected async Task<T> UntilAsync<T>(Func<Platz.Core.Data.PlatzDb, Task<T?>> read, int seconds = 60)
        where T : class
    {
        var waiting = Stopwatch.StartNew();
        while (waiting.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            await using var db = await DbAsync();
            if (await read(db) is { } found)
            {
                return found;
            }

            await Task.Delay(50, Cancel);
        }

        throw new TimeoutException("The database never came to show what was awaited.");
    }
}
