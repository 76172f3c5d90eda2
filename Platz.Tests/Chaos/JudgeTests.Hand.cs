using Platz.Chaos.Judging;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Chaos;

/// <summary>What is put before the judge.</summary>
public sealed partial class JudgeTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddYears(56);

    private readonly Guid _deployment = Guid.CreateVersion7(s_start);
    private readonly List<TaskRow> _tasks = [];
    private readonly List<Run> _runs = [];
    private readonly List<Move> _moves = [];
    private readonly List<CancelTold> _told = [];
    private readonly List<Guid> _enqueued = [];
    private readonly HashSet<Guid> _effects = [];

    private Verdict Verdict() => Judge.Of(new Evidence
    {
        Tasks = _tasks,
        Runs = _runs,
        Moves = _moves,
        Canceled = _told,
        Enqueued = _enqueued,
        Effects = _effects,
    });

    private void Expect(params Promise[] promises) =>
        Assert.Equal(promises.Order(), Verdict().Breaches.Select(b => b.Promise).Order());

    private TaskRow AddDone(int number, double from, double to, Guid? deployment = null)
    {
        var task = Add(Task(number, Done, from, to) with { Deployment = deployment ?? _deployment });
        AddRun(task, 1, from, to, ended: true, made: true);
        return task;
    }

    /// <summary>In the line in the order of their numbers.</summary>
    private TaskRow Task(int number, DeploymentTaskStatus status, double? from = null, double? to = null) => new(
        Guid.CreateVersion7(), _deployment, status, s_start.AddMilliseconds(number), s_start.AddMilliseconds(number),
        At(from), At(to))
    {
        Fence = 1,
        Attempt = 1,
    };

    private TaskRow Add(TaskRow task)
    {
        _tasks.Add(task);
        return task;
    }

    private void AddRun(
        TaskRow task, long fence, double from, double to, bool ended = false, bool killed = false, bool made = false,
        (double From, double To)? still = null)
    {
        _effects.UnionWith(made ? [task.Id] : []);
        _runs.Add(new Run(
            task.Id, task.Deployment, fence, At(from)!.Value, At(to)!.Value,
            still is { } s ? [new Standstill(At(s.From)!.Value, At(s.To)!.Value)] : [])
        {
            Ended = ended,
            Killed = killed,
            Made = made,
        });
    }

    private static DateTimeOffset? At(double? seconds) => seconds is { } s ? s_start.AddSeconds(s) : null;
}
