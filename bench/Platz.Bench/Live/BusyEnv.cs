using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Bench.Live;

/// <summary>An env whose tasks change as they do while runners work: queued, started, in a phase, done.</summary>
internal sealed class BusyEnv
{
    private const int Steps = 4; // of a task, each a commit that pages follow
    private static readonly TimeSpan s_lease = TimeSpan.FromHours(1);

    private readonly BenchDatabase _database;
    private readonly Env _env;
    private readonly Cluster _cluster;
    private readonly Kind _kind;
    private readonly Actor _actor;
    private readonly Deployment[] _deployments;
    private DeploymentTask? _running;
    private int _changes;

    private BusyEnv(BenchDatabase database, Env env, Cluster cluster, Kind kind, Actor actor, Deployment[] deployments) =>
        (_database, _env, _cluster, _kind, _actor, _deployments) = (database, env, cluster, kind, actor, deployments);

    public Guid ClusterId => _cluster.Id;

    private TaskQueue Queue => _database.Get<TaskQueue>();

    public static async Task<BusyEnv> CreateAsync(
        BenchDatabase database, string name, int deployments, CancellationToken cancel)
    {
        await using var db = await database.Databases.CreateDbContextAsync(cancel);
        var user = await db.Users.FirstAsync(cancel); // who the sign-in link was for
        var env = new Env { Name = name };
        var kind = new Kind { Name = $"Kind-{name}" };
        var cluster = new Cluster { EnvId = env.Id, ProviderId = "bench", Name = name, RegionName = "local" };
        var registry = new Registry { DomainName = $"{name}.test", RepoName = "web", KindId = kind.Id, SourceName = name };
        var chart = new Chart
        {
            CreatedAt = DateTimeOffset.UnixEpoch,
            HelmRegistryId = registry.Id,
            ImageDigest = $"sha256:{name}",
            ImageTag = "1.0.0",
            ChartName = "web",
            ExtensionFiles = [],
        };
        Deployment[] all =
        [
            .. Enumerable.Range(0, deployments).Select(i => new Deployment
            {
                Name = $"shop-{i}",
                KindId = kind.Id,
                ClusterId = cluster.Id,
                Namespace = $"{name}-shop-{i}",
                HelmChartId = chart.Id,
            }),
        ];
        object[][] steps = [[env, kind], [cluster, registry], [chart], all];
        foreach (var rows in steps)
        {
            db.AddRange(rows);
            await db.SaveChangesAsync(cancel);
        }

        return new BusyEnv(database, env, cluster, kind, new Actor.User(user.Id, user.DisplayName), all);
    }

    /// <summary>So many changes a second for a while, and one more that says the text.</summary>
    /// <returns>When that last one was there for everybody to read, as <see cref="Stopwatch.GetTimestamp"/>.</returns>
    public async Task<long> ChangeAsync(int perSecond, TimeSpan duration, string end, CancellationToken cancel)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), _changes);
        var total = before + ((int)(perSecond * duration.TotalSeconds) / Steps * Steps); // none is left in the middle
        while (_changes < total)
        {
            await ChangeAsync(cancel);
            var ahead = TimeSpan.FromSeconds((_changes - before) / (double)perSecond) - Stopwatch.GetElapsedTime(start);
            await Task.Delay(ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero, cancel);
        }

        await EnqueueAsync(_changes / Steps, end, cancel);
        var committed = Stopwatch.GetTimestamp();
        await SettleAsync(cancel);
        return committed;
    }

    /// <summary>One change, that says the text: a task is queued.</summary>
    /// <returns>When it was committed, in milliseconds since 1970.</returns>
    public async Task<double> AnnounceAsync(string text, CancellationToken cancel)
    {
        await EnqueueAsync(_changes / Steps, text, cancel);
        return (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
    }

    /// <summary>Does what was announced.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        await ClaimAsync(cancel);
        await FinishAsync();
    }

    public async Task EnqueueAsync(int number, string? message, CancellationToken cancel)
    {
        await using var db = await _database.Databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.EnqueueAsync(db, TaskOf(_deployments[number % _deployments.Length], message), cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task ChangeAsync(CancellationToken cancel)
    {
        switch (_changes++ % Steps)
        {
            case 0:
                await EnqueueAsync(_changes / Steps, message: null, cancel);
                break;
            case 1:
                await ClaimAsync(cancel);
                break;
            case 2:
                await Queue.EnterPhaseAsync(_running!, Phase.HelmUpgrade, DeploymentStatus.Installing, cancel);
                break;
            default:
                await FinishAsync();
                break;
        }
    }

    private async Task ClaimAsync(CancellationToken cancel)
    {
        var places = new Dictionary<Guid, int> { [_cluster.Id] = 1 };
        _running = (await Queue.ClaimAsync(new ClaimRequest("bench", s_lease, OperationJson.Kinds, places, Total: 1), cancel)).Single();
    }

    private Task<bool> FinishAsync() => Queue.FinishAsync(new TaskResult(
        _running!.Id, _running.DeploymentId, _running.Fence, DeploymentTaskStatus.Done, null, TaskEffect.Complete,
        DeploymentStatus.Running, RevisionChange.Record));

    private NewTask TaskOf(Deployment deployment, string? message) => new()
    {
        DeploymentId = deployment.Id,
        EnvId = _env.Id,
        ClusterId = _cluster.Id,
        Operation = new Install(deployment.HelmChartId, [], null),
        Actor = _actor,
        KindName = _kind.Name,
        DeploymentName = deployment.Name,
        ClusterName = _cluster.Name,
        Namespace = deployment.Namespace,
        ChartVersion = "1.0.0",
        Message = message,
    };
}
