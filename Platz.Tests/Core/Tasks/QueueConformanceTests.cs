using CsCheck;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Model;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

/// <summary>
/// <see cref="TaskQueue"/> on PostgreSQL does what <see cref="QueueModel"/> does, whatever is called in whatever order
/// (faults.md 5, L2): what is true of the model (<see cref="ModelTests"/>) is true of the statements.
/// </summary>
public sealed class QueueConformanceTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private const int Lease = 20; // minutes

    private static readonly Gen<Step[]> s_programs = Gen.Select(
        Gen.Frequency(
            (6, Call.Enqueue), (4, Call.Wait), (3, Call.PromoteDue), (6, Call.Claim), (3, Call.Beat), (4, Call.Rescue),
            (6, Call.Enter), (6, Call.Finish), (2, Call.Release), (3, Call.Cancel)),
        Gen.Int[0, 999],
        Gen.Int[0, 7],
        (call, a, b) => new Step(call, a, b)).Array[10, 60];

    private readonly List<Guid> _ids = [];
    private readonly List<DeploymentTask> _held = []; // by whomever, also by who has lost it since
    private readonly List<Deployment> _deployments = [];
    private QueueModel _model = new();

    private enum Call
    {
        Enqueue,
        Wait,
        PromoteDue,
        Claim,
        Beat,
        Rescue,
        Enter,
        Finish,
        Release,
        Cancel,
    }

    [Fact]
    public async Task It_does_what_the_model_does()
    {
        foreach (var name in new[] { "shop", "blog", "wiki" })
        {
            _deployments.Add(await AddDeploymentAsync(name));
        }

        await s_programs.SampleAsync(FollowAsync, iter: Check.Iter, threads: 1);
    }

    private async Task FollowAsync(Step[] steps)
    {
        await ExecuteAsync("DELETE FROM task_queue"); // what the program before has left
        _model = new QueueModel();
        _ids.Clear();
        _held.Clear();
        foreach (var step in steps)
        {
            _model.Pass();
            await DoAsync(step);
            var rows = await RowsAsync();
            Assert.Equal(_model.Tasks.Select(Words), rows);
        }
    }

    private Task DoAsync(Step step) => step.Call switch
    {
        Call.Enqueue => QueueAsync(_deployments[step.A % 3], step.A % 3, (step.B % 4) switch { 0 => 10, 1 => 24, _ => 0 }),
        Call.Wait => WaitAsync(7 + (step.A % 2 * 8)), // sums of 7 and 15 are never a lease or a delay
        Call.PromoteDue => PromoteDueAsync(),
        Call.Claim => ClaimAsync(step.A % 3, 1 + (step.B % 3)),
        Call.Rescue => RescueAsync(step.A % 3),
        Call.Beat => BeatAsync([.. _held.Where((_, i) => (i + step.A) % 3 > 0)]),
        Call.Cancel when _ids.Count > 0 => CancelAsync(step.A % _ids.Count),
        Call.Enter when Held(step) is { } task => EnterAsync(task, step.B % 2 == 0 ? Phase.Validate : Phase.HelmUpgrade),
        Call.Finish when Held(step) is { } task => FinishAsync(task, succeeded: step.B % 2 == 0),
        Call.Release when Held(step) is { } task => ReleaseAsync(task),
        _ => Task.CompletedTask,
    };

    private async Task QueueAsync(Deployment deployment, int number, int delay)
    {
        var executeAt = delay == 0 ? (DateTimeOffset?)null : TimeProvider.System.GetUtcNow().AddMinutes(delay);
        _ids.Add(await EnqueueAsync(TaskFor(deployment) with { ExecuteAt = executeAt }));
        _model.Enqueue(number, delay);
    }

    /// <summary>Nobody can turn the database's clock: everything becomes older by as much.</summary>
    private async Task WaitAsync(int minutes)
    {
        await ExecuteAsync($"""
            UPDATE task_queue SET execute_at = execute_at - age, created_at = created_at - age, ready_at = ready_at - age,
                lease_until = lease_until - age FROM (SELECT interval '{minutes} minutes') AS waited(age)
            """);
        _model.Pass(minutes);
    }

    private async Task PromoteDueAsync()
    {
        await Queue.PromoteDueAsync(Cancel);
        _model.PromoteDue();
    }

    private async Task ClaimAsync(int runner, int places)
    {
        List<ModelTask> ready = [.. _model.Ready];
        var claimed = await Queue.ClaimAsync(Claims(places, $"{runner}", Lease * 60), Cancel);
        var chosen = claimed.ConvertAll(Of);
        Assert.Equal(Math.Min(places, ready.Count), claimed.Count);
        Assert.All(ready.Except(chosen), left => Assert.All(chosen, c => Assert.True(c.ReadyAt <= left.ReadyAt)));
        Assert.All(chosen, task => Assert.True(_model.Claim(task, runner, Lease)));
        _held.AddRange(claimed);
    }

    private async Task RescueAsync(int runner)
    {
        var expired = _model.Expired.ToHashSet();
        var taken = await Queue.RescueAsync(Claims(owner: $"{runner}", leaseSeconds: Lease * 60), Cancel);
        Assert.Equal(expired, [.. taken.Select(Of)]);
        Assert.All(expired, task => Assert.True(_model.Rescue(task, runner, Lease)));
        _held.AddRange(taken);
    }

    private Task BeatAsync(DeploymentTask[] held)
    {
        var kept = Queue.Heartbeat([.. held.Select(t => (t.Id, t.Fence))], TimeSpan.FromMinutes(Lease));
        var expected = held.Where(t => _model.Beat(Of(t), t.Fence, Lease)).Select(t => t.Id);
        Assert.Equal([.. expected], kept);
        return Task.CompletedTask;
    }

    private async Task EnterAsync(DeploymentTask task, string phase) => Assert.Equal(
        _model.Enter(Of(task), task.Fence, phase),
        await Queue.EnterPhaseAsync(task, phase, DeploymentStatus.Installing, Cancel));

    private async Task FinishAsync(DeploymentTask task, bool succeeded)
    {
        var result = succeeded ? Done(task) : Done(task) with
        {
            Status = DeploymentTaskStatus.Failed,
            Effect = TaskEffect.Partial,
            Reason = "it broke",
        };
        Assert.Equal(
            _model.Finish(Of(task), task.Fence, result.Status, result.Effect!.Value), await Queue.FinishAsync(result));
    }

    private async Task ReleaseAsync(DeploymentTask task)
    {
        await Queue.ReleaseAsync(task.Id, task.Fence, clusterId: null, Cancel);
        _model.Release(Of(task), task.Fence);
    }

    private async Task CancelAsync(int number) => Assert.Equal(
        _model.Cancel(_model.Tasks[number]), await Queue.CancelAsync(_ids[number], Alice, null, Cancel));

    private DeploymentTask? Held(Step step) => _held.Count == 0 ? null : _held[step.A % _held.Count];

    private ModelTask Of(DeploymentTask task) => _model.Tasks[_ids.IndexOf(task.Id)];

    private string Words(ModelTask task) => string.Join(
        ' ', task.Status, task.State, task.Attempt, task.Fence, task.Phase, task.CancelRequested, task.Effect,
        task.State is QueueState.Started ? task.Owner : null,
        task.State is QueueState.Started && task.LeaseUntil <= _model.Now);

    private async Task<List<string>> RowsAsync()
    {
        await using var command = Source.CreateCommand("""
            SELECT t.status, q.state, t.attempt, t.fence, t.phase, t.cancel_requested_at IS NOT NULL, t.effect,
                q.lease_owner, coalesce(q.lease_until <= clock_timestamp(), false), coalesce(q.fence, t.fence)
            FROM unnest(@ids) WITH ORDINALITY AS mine(id, number)
            JOIN deployment_tasks AS t USING (id) LEFT JOIN task_queue AS q ON q.task_id = t.id ORDER BY number
            """);
        command.Parameters.AddWithValue("ids", _ids.ToArray());
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
        {
            rows.Add(string.Join(' ', Enumerable.Range(0, 9).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))));
            Assert.Equal(reader.GetInt64(9), reader.GetInt64(3)); // both tables tell the same fence
        }

        return rows;
    }

    private sealed record Step(Call Call, int A, int B);
}
