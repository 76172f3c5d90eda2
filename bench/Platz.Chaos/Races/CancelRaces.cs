using System.Security.Cryptography;
using Platz.Chaos.Databases;
using Platz.Core.Deployments;
using Platz.Core.Tasks;

namespace Platz.Chaos.Races;

/// <summary>
/// A cancel against a claim of the same task, again and again: exactly one of them wins, and its loser is told so. Each
/// lane has a cluster of its own, so that nobody else claims its task.
/// </summary>
internal sealed class CancelRaces : IPart
{
    private const int Lanes = 12;

    public string Name => "cancels";

    public string About => "races of a cancel against a claim (--races N)";

    public async Task<ChaosReport> RunAsync(ChaosArguments arguments, string folder, CancellationToken cancel)
    {
        var races = arguments.Number("--races", 100_000);
        var seed = arguments.Number("--seed", RandomNumberGenerator.GetInt32(int.MaxValue));
        await using var database = await ChaosDatabase.CreateAsync(Server.Given, folder, cancel);
        var scene = await Scene.SetAsync(database, clusters: Lanes, deployments: Lanes, cancel);
        var tallies = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(i => Task.Run(
            () => RunAsync(new Lane(database, scene, scene.Deployments[i]), new Random(seed + i), (races + Lanes - 1) / Lanes, cancel), cancel)));

        var all = tallies.Aggregate((a, b) => a + b);
        var canceled = await CountAsync("status = 'Canceled' AND effect = 'None'");
        var done = await CountAsync("started_at IS NOT NULL AND effect = 'Complete'");
        var rest = await database.AskAsync<long>("SELECT count(*) FROM task_queue", cancel);
        var holds = all is { Both: 0, Neither: 0, Untold: 0 } && rest == 0
            && (canceled, done) == (all.Canceled, all.Claimed);
        return new ChaosReport(
            Name, seed,
            new Dictionary<string, double>
            {
                ["Races"] = all.Races,
                ["Won by the cancel"] = all.Canceled,
                ["Won by the claim"] = all.Claimed,
                ["Won by both"] = all.Both,
                ["Won by neither"] = all.Neither,
                ["Losers not told"] = all.Untold,
                ["Rows canceled before they started"] = canceled,
                ["Rows started and complete"] = done,
                ["Rows left in the queue"] = rest,
            },
            $"{(holds ? "Every promise held" : "A PROMISE WAS BROKEN")} with seed {seed}: {all.Races:N0} races of a cancel against a "
            + $"claim, {all.Canceled:N0} won by the cancel, {all.Claimed:N0} by the claim, {all.Both:N0} by both, {all.Neither:N0} by neither.",
            holds);

        Task<long> CountAsync(string which) =>
            database.AskAsync<long>($"SELECT count(*) FROM deployment_tasks WHERE {which}", cancel);
    }

    private static async Task<Tally> RunAsync(Lane lane, Random random, int races, CancellationToken cancel)
    {
        var tally = new Tally();
        for (var i = 0; i < races; i++)
        {
            // A claim is quicker than a cancel, which looks up rights first.
            var wait = TimeSpan.FromMilliseconds(random.NextDouble() * 4);
            tally += await lane.RaceAsync(wait, pendingOnly: random.Next(2) == 0, cancel);
        }

        return tally;
    }

    private sealed record Tally(
        long Races = 0, long Canceled = 0, long Claimed = 0, long Both = 0, long Neither = 0, long Untold = 0)
    {
        public static Tally operator +(Tally a, Tally b) => new(
            a.Races + b.Races, a.Canceled + b.Canceled, a.Claimed + b.Claimed, a.Both + b.Both, a.Neither + b.Neither,
            a.Untold + b.Untold);
    }

    private sealed class Lane(ChaosDatabase database, Scene scene, Deployment deployment)
    {
        private readonly TaskQueue _queue = database.Get<TaskQueue>();
        private readonly ClaimRequest _request = new(
            $"lane-{deployment.Name}", TimeSpan.FromMinutes(1), OperationPhases.Kinds,
            new Dictionary<Guid, int> { [deployment.ClusterId] = 1 }, Total: 1);

        public async Task<Tally> RaceAsync(TimeSpan wait, bool pendingOnly, CancellationToken cancel)
        {
            var id = await Scene.EnqueueAsync(
                database, scene.Task(deployment, new RestartK8sResource(deployment.Id, "no-op")), cancel);
            var canceling = pendingOnly
                ? _queue.CancelPendingAsync(id, scene.Actor, null, cancel)
                : _queue.CancelAsync(id, scene.Actor, null, cancel);
            var claiming = ClaimAsync(wait, cancel);
            var (outcome, claimed) = (await canceling, await claiming);
            var (byCancel, byClaim) = (outcome is CancelOutcome.Canceled, claimed.Exists(t => t.Id == id));
            if (byClaim)
            {
                await FinishAsync(claimed[0]);
            }
            else if (!byCancel)
            {
                // The claim passed by while the cancel held the row, and the cancel did nothing: it is claimed now.
                foreach (var task in await _queue.ClaimAsync(_request, cancel))
                {
                    await FinishAsync(task);
                }
            }

            var told = outcome is CancelOutcome.HasStarted or CancelOutcome.StopRequested or CancelOutcome.AlreadyFinished;
            return new Tally(1, byCancel && !byClaim ? 1 : 0, byClaim && !byCancel ? 1 : 0, byCancel && byClaim ? 1 : 0,
                !byCancel && !byClaim ? 1 : 0, byClaim && !told ? 1 : 0);
        }

        private async Task<List<DeploymentTask>> ClaimAsync(TimeSpan wait, CancellationToken cancel)
        {
            await Task.Delay(wait, cancel);
            return await _queue.ClaimAsync(_request, cancel);
        }

        private Task<HashSet<Guid>> FinishAsync(DeploymentTask task) => _queue.FinishAsync([
            new TaskResult(
                task.Id, task.DeploymentId, task.Fence, DeploymentTaskStatus.Done, null, TaskEffect.Complete, null,
                RevisionChange.Keep),
        ]);
    }
}
