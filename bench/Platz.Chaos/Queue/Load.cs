using System.Collections.Concurrent;
using Platz.Chaos.Databases;
using Platz.Chaos.Judging;
using Platz.Core.Deployments;
using Platz.Core.Tasks;

namespace Platz.Chaos.Queue;

/// <summary>
/// Queues tasks at a steady rate, some of them for later, and cancels a few. What is queued where follows from the seed;
/// when, from how fast the machine is.
/// </summary>
internal sealed class Load(ChaosDatabase database, Scene scene, int seed, TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(33);

    private readonly ConcurrentBag<Guid> _enqueued = [];
    private readonly ConcurrentBag<CancelTold> _canceled = [];
    private readonly ConcurrentBag<Task> _cancels = [];

    /// <summary>Which part is canceled soon after it was queued.</summary>
    public double Cancels { get; init; }

    /// <summary>Which part is queued for later.</summary>
    public double Scheduled { get; init; }

    /// <summary>How many are in the queue at most.</summary>
    public int MostLive { get; init; } = 150;

    public IReadOnlyCollection<Guid> Enqueued => [.. _enqueued];

    public IReadOnlyCollection<CancelTold> Canceled => [.. _canceled];

    /// <summary>Until it is told to stop; then every cancel has had its answer.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(seed);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await LiveAsync(database, stop) < MostLive)
                {
                    await EnqueueAsync(random);
                }

                await Task.Delay(s_pause, clock, stop);
            }
            catch (Exception e) when (DatabaseTroubles.IsTrouble(e) || e is OperationCanceledException)
            {
                // The enqueue may have been committed or not: whoever queued it would have to look.
            }
        }

        await Task.WhenAll(_cancels);
    }

    public static Task<long> LiveAsync(ChaosDatabase database, CancellationToken cancel) =>
        database.AskAsync<long>("SELECT count(*) FROM task_queue", cancel);

    private async Task EnqueueAsync(Random random)
    {
        // Some deployments are asked more of than others.
        var deployment = scene.Deployments[(int)(scene.Deployments.Count * Math.Pow(random.NextDouble(), 1.5))];
        var task = scene.Task(deployment, Operation(random.Next(3), deployment)) with
        {
            ExecuteAt = random.NextDouble() < Scheduled
                ? clock.GetUtcNow() + TimeSpan.FromMilliseconds(random.Next(200, 4000))
                : null,
        };
        var (cancels, after) = (random.NextDouble() < Cancels, TimeSpan.FromMilliseconds(random.Next(0, 1000)));
        var callers = random.Next(4) == 0 ? 2 : 1;
        var id = await Scene.EnqueueAsync(database, task, CancellationToken.None);
        _enqueued.Add(id);
        for (var i = 0; cancels && i < callers; i++)
        {
            _cancels.Add(CancelAsync(id, after));
        }
    }

    private Operation Operation(int kind, Deployment deployment) => kind switch
    {
        0 => new Upgrade(scene.Chart.Id, null, []),
        1 => new InvokeAction(scene.Chart.Id, "no-op", []),
        _ => new RestartK8sResource(deployment.Id, "no-op"),
    };

    private async Task CancelAsync(Guid task, TimeSpan after)
    {
        await Task.Delay(after, clock);
        try
        {
            var outcome = await database.Get<TaskQueue>().CancelAsync(task, scene.Actor, null, CancellationToken.None);
            _canceled.Add(new CancelTold(task, outcome));
        }
        catch (Exception e) when (DatabaseTroubles.IsTrouble(e))
        {
            // not told anything
        }
    }
}
