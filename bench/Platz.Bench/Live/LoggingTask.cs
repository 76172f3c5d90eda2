using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web;

namespace Platz.Bench.Live;

/// <summary>A running task whose log is written as a runner writes it: what has come, four times a second.</summary>
internal sealed class LoggingTask
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lease = TimeSpan.FromHours(1);

    public const string EnvName = "bench-live";
    public const string DeploymentName = "shop";

    private const string KindName = "BenchLive";
    private const int Waiting = 24; // a full page of its history, with the task itself

    private readonly TaskLogWriter _log;
    private long _written;

    private LoggingTask(DeploymentTask task, TaskLogWriter log)
    {
        (Id, _log) = (task.Id, log);
        HistoryAddress = Links.History(EnvName, KindName, task.DeploymentId);
    }

    public Guid Id { get; }

    public string HistoryAddress { get; }

    /// <summary>What the log ends with.</summary>
    public string LastLine { get; private set; } = "";

    public static async Task<LoggingTask> StartAsync(BenchDatabase database, CancellationToken cancel)
    {
        var (queue, cluster) = (database.Get<TaskQueue>(), await EnqueueAsync(database, cancel));
        var claim = new ClaimRequest(
            "bench", s_lease, OperationJson.Kinds, new Dictionary<Guid, int> { [cluster] = 1 }, Total: 1);
        var task = (await queue.ClaimAsync(claim, cancel)).Single();
        await queue.EnterPhaseAsync(task, Phase.HelmUpgrade, null, cancel);
        var log = await database.Get<TaskLog>().OpenAsync(
            task.Id, task.Fence, new TaskLogLimits(256 * 1024, 4 * 1024 * 1024), new Redactor([]), cancel);
        return new LoggingTask(task, log);
    }

    /// <summary>Writes so many lines a second for a while, and one more that says the text.</summary>
    /// <returns>When that last line was there for everybody to read, as <see cref="Stopwatch.GetTimestamp"/>.</returns>
    public async Task<long> WriteAsync(int linesPerSecond, TimeSpan duration, string end, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var (before, total) = (_written, (long)(linesPerSecond * duration.TotalSeconds));
        using var timer = new PeriodicTimer(s_interval);
        while (_written - before < total && await timer.WaitForNextTickAsync(cancel))
        {
            var due = Math.Min(total, (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * linesPerSecond));
            while (_written - before < due)
            {
                Add($"client.go:393: [debug] checking {++_written} resources for changes, pod web-7 runs, 3 of 5 ready");
            }

            await _log.FlushAsync(cancel);
        }

        Add(LastLine = end);
        await _log.FlushAsync(cancel);
        return Stopwatch.GetTimestamp();
    }

    private void Add(string line) => _log.AddOutput(line, TimeProvider.System.GetUtcNow(), Phase.HelmUpgrade);

    /// <returns>The cluster that it is to run on.</returns>
    private static async Task<Guid> EnqueueAsync(BenchDatabase database, CancellationToken cancel)
    {
        await using var db = await database.Databases.CreateDbContextAsync(cancel);
        var user = await db.Users.FirstAsync(cancel); // who the sign-in link was for
        var env = new Env { Name = EnvName };
        var kind = new Kind { Name = KindName };
        var cluster = new Cluster { EnvId = env.Id, ProviderId = "bench", Name = "bench-live", RegionName = "local" };
        var registry = new Registry
        {
            DomainName = "bench-live.test",
            RepoName = "web",
            KindId = kind.Id,
            SourceName = "bench-live",
        };
        var chart = new Chart
        {
            CreatedAt = DateTimeOffset.UnixEpoch,
            HelmRegistryId = registry.Id,
            ImageDigest = "sha256:live",
            ImageTag = "1.0.0",
            ChartName = "web",
            ExtensionFiles = [],
        };
        var deployment = new Deployment
        {
            Name = DeploymentName,
            KindId = kind.Id,
            ClusterId = cluster.Id,
            Namespace = "bench-live-shop",
            HelmChartId = chart.Id,
        };
        object[][] steps = [[env, kind], [cluster, registry], [chart], [deployment]];
        foreach (var rows in steps)
        {
            db.AddRange(rows);
            await db.SaveChangesAsync(cancel);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        for (var i = 0; i <= Waiting; i++)
        {
            await TaskQueue.EnqueueAsync(db, TaskOf(deployment, env, cluster, user), cancel);
        }

        await transaction.CommitAsync(cancel);
        return cluster.Id;
    }

    private static NewTask TaskOf(Deployment deployment, Env env, Cluster cluster, User user) => new()
    {
        DeploymentId = deployment.Id,
        EnvId = env.Id,
        ClusterId = cluster.Id,
        Operation = new Install(deployment.HelmChartId, [], null),
        Actor = new Actor.User(user.Id, user.DisplayName),
        KindName = KindName,
        DeploymentName = deployment.Name,
        ClusterName = cluster.Name,
        Namespace = deployment.Namespace,
        ChartVersion = "1.0.0",
    };
}
