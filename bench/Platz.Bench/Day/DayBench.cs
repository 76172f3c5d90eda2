using Platz.Bench.Live;
using Platz.Bench.Queue;
using Platz.Core.Tasks;

namespace Platz.Bench.Day;

/// <summary>
/// A day of full load in minutes: tasks are queued one by one while others run, are renewed, enter a phase and end. What
/// must not grow with the number of tasks (the queue, the deployments) is looked at after each hour.
/// </summary>
internal sealed class DayBench : IBench
{
    private const int Hours = 24;
    private const int Settled = 2; // hours, until free space is found again as often as it is needed
    private const int Compared = 6; // hours, of the morning and of the evening
    private const int Producers = 3;
    private const int Deployments = 600;
    private const int History = 10_000;
    private const double MostGrowth = 1.5;
    private const double LeastHeapOnly = 0.95;
    private const double LeastSpeed = 0.85;

    private static readonly QueueWay s_way = new("a day", HasPhases: true, WritesDeployments: true, Renews: true);

    public string Name => "day";

    public string About => "a day of full load, and what it leaves behind (--tasks 240000)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var tasks = Math.Max(1, arguments.Number("--tasks", 240_000) / Hours);
        await using var database = await BenchDatabase.PlantedAsync(null, "bench_day", History, History / 20, cancel);
        var env = await BusyEnv.CreateAsync(database, "day", Deployments, cancel);
        List<HourRow> hours = [];
        for (var hour = 1; hour <= Hours; hour++)
        {
            var seconds = await HourAsync(database, env, tasks, cancel);
            hours.Add(await HourRow.ReadAsync(database, hour, tasks, seconds, cancel));
        }

        var promises = Promises(hours);
        return new BenchReport(
            Name,
            new Dictionary<string, string>
            {
                ["Tasks"] = $"{tasks * Hours:N0} of {Deployments} deployments, queued one by one by {Producers}",
                ["Each"] = "queued, claimed, renewed, one phase, ended, recorded as its deployment's revision",
                ["Autovacuum"] = $"looked every {await database.AskAsync("SHOW autovacuum_naptime", cancel)}; "
                    + $"all took {hours.Sum(hour => hour.Seconds):N0} s",
                ["fsync"] = await database.AskAsync("SHOW fsync", cancel),
                ["Processors"] = $"{Environment.ProcessorCount}",
            },
            [.. hours.Select(hour => hour.Shown)], Promise.Tell(promises), promises.All(promise => promise.Holds));
    }

    private static async Task<double> HourAsync(BenchDatabase database, BusyEnv env, int tasks, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        var queued = Task.WhenAll(Enumerable.Range(0, Producers).Select(async producer =>
        {
            for (var number = producer; number < tasks; number += Producers)
            {
                await env.EnqueueAsync(number, message: null, cancel);
            }
        }));
        var drain = new QueueDrain(database.Get<TaskQueue>(), workers: 2, batch: 32) { Cluster = env.ClusterId };
        while (!queued.IsCompleted)
        {
            await drain.RunAsync(s_way, cancel);
            await Task.Delay(5, cancel);
        }

        await queued;
        await drain.RunAsync(s_way, cancel);
        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static List<Promise> Promises(List<HourRow> hours)
    {
        var (morning, evening) = (hours[Settled..(Settled + Compared)], hours[^Compared..]);
        var (heapOnly, kept) = (evening[^1].HeapOnly, Speed(evening) / Speed(morning));
        return
        [
            Flat("The queue", hour => hour.Queue), Flat("the deployments", hour => hour.Deployments),
            Flat("what a task leaves", hour => hour.BytesATask),
            new($"{heapOnly:P1} of the updates of tasks touch no index", $"{LeastHeapOnly:P0}", heapOnly >= LeastHeapOnly),
            new($"{kept:P0} of the morning's speed in the evening", $"{LeastSpeed:P0}", kept >= LeastSpeed),
        ];

        Promise Flat(string what, Func<HourRow, double> size)
        {
            var growth = evening.Max(size) / morning.Max(size);
            return new($"{what}: {growth:N2} times as large in the evening", $"{MostGrowth}", growth <= MostGrowth);
        }
    }

    private static double Speed(IEnumerable<HourRow> hours) => hours.Average(hour => hour.Speed);
}
