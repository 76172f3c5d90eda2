using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platz.Chaos.Databases;
using Platz.Core.Tasks;

namespace Platz.Chaos.Races;

/// <summary>
/// Eight claimers, each with connections of its own, that take everything of a few deployments as fast as they can. Who
/// holds a deployment says so outside of the database: whoever finds another there has overlapped it.
/// </summary>
internal sealed class ClaimRaces : IPart
{
    private const int Claimers = 8;
    private const int Deployments = 40;
    private const int Batch = 20_000;

    private readonly int[] _holders = new int[Deployments];
    private readonly long[] _last = new long[Deployments];
    private readonly ConcurrentDictionary<Guid, byte> _claimed = [];
    private long _overlaps;
    private long _repeats;
    private long _outOfOrder;
    private long _refused;

    public string Name => "claims";

    public string About => "eight claimers on forty deployments (--claims N)";

    public async Task<ChaosReport> RunAsync(ChaosArguments arguments, string folder, CancellationToken cancel)
    {
        var claims = arguments.Number("--claims", 1_000_000);
        var seed = arguments.Number("--seed", RandomNumberGenerator.GetInt32(int.MaxValue));
        await using var database = await ChaosDatabase.CreateAsync(Server.Given, folder, cancel);
        var scene = await Scene.SetAsync(database, clusters: 2, Deployments, cancel);
        var begun = Stopwatch.StartNew();
        for (var queued = 0; queued < claims;)
        {
            var size = Math.Min(Batch, claims - queued);
            await PlantAsync(database, scene, size, cancel);
            await Task.WhenAll(Enumerable.Range(0, Claimers).Select(i => Task.Run(
                () => ClaimAllAsync(database, scene, $"claimer-{i}", cancel), cancel)));
            queued += size;
            Console.WriteLine($"{begun.Elapsed.TotalSeconds,5:F0} s: {_claimed.Count:N0} claimed");
        }

        var left = await database.AskAsync<long>("SELECT count(*) FROM task_queue", cancel);
        _overlaps += await OverlappingRowsAsync(database, cancel);
        var holds = (_overlaps, _repeats, _outOfOrder, left) == (0, 0, 0, 0) && _claimed.Count == claims;
        return new ChaosReport(
            Name, seed,
            new Dictionary<string, double>
            {
                ["Claims"] = _claimed.Count,
                ["Overlaps"] = _overlaps,
                ["Claimed twice"] = _repeats,
                ["Out of order"] = _outOfOrder,
                ["Refused by the unique index"] = _refused,
                ["Left in the queue"] = left,
                ["Claims a second"] = claims / begun.Elapsed.TotalSeconds,
            },
            $"{(holds ? "Every promise held" : "A PROMISE WAS BROKEN")}: {_claimed.Count:N0} of {claims:N0} tasks claimed by {Claimers} "
            + $"claimers on {Deployments} deployments, {_overlaps:N0} overlaps, {_repeats:N0} claimed twice, {_outOfOrder:N0} out of order.",
            holds);
    }

    /// <summary>Tasks that started before the one in front of them had ended, by the database's own clock.</summary>
    private static Task<long> OverlappingRowsAsync(ChaosDatabase database, CancellationToken cancel) => database.AskAsync<long>("""
        SELECT count(*) FROM (
            SELECT started_at < lag(finished_at) OVER (PARTITION BY deployment_id ORDER BY execute_at, created_at, id) AS early
            FROM deployment_tasks) AS line
        WHERE early
        """, cancel);

    /// <summary>
    /// So many tasks as if they had been queued one after the other; in one statement, because a million enqueues would
    /// take longer than what is measured.
    /// </summary>
    private static async Task PlantAsync(ChaosDatabase database, Scene scene, int count, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand("""
            WITH d AS (SELECT id, cluster_id, namespace, name, row_number() OVER (ORDER BY id) - 1 AS n FROM deployments),
            task AS (
                INSERT INTO deployment_tasks (id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status,
                    attempt, fence, created_at, execute_at, acting_user_id, actor_name, kind_name, deployment_name,
                    cluster_name, namespace)
                SELECT gen_random_uuid(), d.id, @env, d.cluster_id, d.cluster_id, '{"Uninstall": {}}', 'Uninstall', 'Pending',
                    0, 0, @start + s * interval '1 microsecond', @start + s * interval '1 microsecond', @user, 'Chaos', 'Chaos',
                    d.name, 'cluster', d.namespace
                FROM generate_series(1, @count) AS s JOIN d ON d.n = s % @deployments
                RETURNING id, deployment_id, run_cluster_id, op_kind, created_at, execute_at)
            INSERT INTO task_queue (task_id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, state, ready_at, fence)
            SELECT id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, 'Blocked', NULL, 0 FROM task
            """);
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("env", scene.Env.Id);
        command.Parameters.AddWithValue("user", scene.Actor.UserId!.Value);
        command.Parameters.AddWithValue("count", count);
        command.Parameters.AddWithValue("deployments", Deployments);
        command.Parameters.AddWithValue("start", TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1));
        await command.ExecuteNonQueryAsync(cancel);
        await database.ExecuteAsync("""
            UPDATE task_queue SET state = 'Ready', ready_at = clock_timestamp() WHERE task_id IN (
                SELECT DISTINCT ON (deployment_id) task_id FROM task_queue ORDER BY deployment_id, execute_at, created_at, task_id);
            ANALYZE task_queue
            """, cancel);
    }

    private async Task ClaimAllAsync(ChaosDatabase database, Scene scene, string owner, CancellationToken cancel)
    {
        await using var own = database.Again();
        var queue = own.GetRequiredService<TaskQueue>();
        var request = new ClaimRequest(
            owner, TimeSpan.FromMinutes(10), OperationPhases.Kinds, scene.Clusters.ToDictionary(c => c.Id, _ => 4), Total: 8);
        var numbers = scene.Deployments.OrderBy(d => d.Id, Judging.PostgresOrder.Instance).Select((d, i) => (d.Id, i)).ToDictionary();
        while (await AnyLeftAsync(database, cancel) > 0)
        {
            try
            {
                if (await queue.ClaimAsync(request, cancel) is not { Count: > 0 } tasks)
                {
                    await Task.Delay(5, cancel);
                    continue;
                }

                tasks.ForEach(task => Hold(task, numbers[task.DeploymentId]));
                tasks.ForEach(task => Interlocked.Exchange(ref _holders[numbers[task.DeploymentId]], 0));
                await queue.FinishAsync([.. tasks.Select(Done)]);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation)
            {
                Interlocked.Increment(ref _refused);
            }
        }
    }

    private static Task<long> AnyLeftAsync(ChaosDatabase database, CancellationToken cancel) =>
        database.AskAsync<long>("SELECT count(*) FROM (SELECT FROM task_queue LIMIT 1) AS first", cancel);

    private void Hold(DeploymentTask task, int number)
    {
        if (Interlocked.Exchange(ref _holders[number], 1) != 0)
        {
            Interlocked.Increment(ref _overlaps);
        }

        if (!_claimed.TryAdd(task.Id, 0))
        {
            Interlocked.Increment(ref _repeats);
        }

        if (Interlocked.Exchange(ref _last[number], task.CreatedAt.UtcTicks) >= task.CreatedAt.UtcTicks)
        {
            Interlocked.Increment(ref _outOfOrder);
        }
    }

    private static TaskResult Done(DeploymentTask task) => new(
        task.Id, task.DeploymentId, task.Fence, DeploymentTaskStatus.Done, null, TaskEffect.Complete, null, RevisionChange.Keep);
}
