using System.Diagnostics;
using Platz.Core.Tasks;
using Platz.Web;

namespace Platz.Bench.Live;

/// <summary>A running task whose log is written as a runner writes it: what has come, four times a second.</summary>
internal sealed class LoggingTask
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lease = TimeSpan.FromHours(1);

    public const string EnvName = "bench-live";

    private readonly TaskLogWriter _log;
    private long _written;

    private LoggingTask(DeploymentTask task, TaskLogWriter log) => (Address, _log) = (Links.TaskLog(task.Id), log);

    public string Address { get; }

    /// <summary>What the log ends with.</summary>
    public string LastLine { get; private set; } = "";

    public static async Task<LoggingTask> StartAsync(BenchDatabase database, CancellationToken cancel)
    {
        var queue = database.Get<TaskQueue>();
        var place = await BusyEnv.CreateAsync(database, EnvName, deployments: 1, cancel);
        await place.EnqueueAsync(0, message: null, cancel);
        var claim = new ClaimRequest(
            "bench", s_lease, OperationJson.Kinds, new Dictionary<Guid, int> { [place.ClusterId] = 1 }, Total: 1);
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
}
