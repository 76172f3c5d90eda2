using Platz.Chaos.Helm;
using Platz.Chaos.Judging;
using Platz.Core.Tasks;
using Platz.Sandbox.Kubelet;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Chaos;

public sealed class HelmJudgeTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddYears(56);

    private readonly Guid _deployment = Guid.NewGuid();
    private readonly List<TaskRow> _tasks = [];
    private readonly List<HelmRun> _runs = [];
    private readonly List<string> _pods = [];

    [Fact]
    public void One_run_a_task_one_after_the_other_is_as_it_should_be()
    {
        AddRun(Add(Done), from: 1, to: 2);
        AddRun(Add(Failed), from: 3, to: 4, exit: 1);
        Add(Canceled, TaskEffect.None);
        Expect();
    }

    [Fact]
    public void Helm_run_twice_for_a_pod_is_found()
    {
        var task = Add(Done);
        AddRun(task, from: 1, to: 2);
        AddRun(task, from: 3, to: 4);
        Expect(Promise.Once);
    }

    [Fact]
    public void Two_runs_on_a_release_at_once_are_found_even_when_one_never_ended()
    {
        AddRun(Add(Done), from: 1, to: null);
        AddRun(Add(Done), from: 3, to: 4);
        Expect(Promise.Alone, Promise.Kept); // and who never ended did not succeed
    }

    [Fact]
    public void What_is_done_without_helm_or_failed_without_it_is_found()
    {
        Add(Done);
        Add(Failed);
        Expect(Promise.Kept, Promise.Unharmed);
    }

    [Theory]
    [InlineData(TaskEffect.None, 0)]
    [InlineData(TaskEffect.Complete, 1)]
    public void A_canceled_task_that_is_wrong_about_its_effect_is_found(TaskEffect effect, int exit)
    {
        AddRun(Add(Canceled, effect), from: 1, to: 2, exit);
        Expect(Promise.Canceled);
    }

    [Fact]
    public void A_task_that_has_not_ended_and_a_pod_that_is_left_are_found()
    {
        Add(Started);
        _pods.Add("task-x-3");
        Expect(Promise.Ended, Promise.TidiedUp);
    }

    private TaskRow Add(DeploymentTaskStatus status, TaskEffect? effect = null)
    {
        var at = s_start.AddMilliseconds(_tasks.Count);
        var task = new TaskRow(Guid.NewGuid(), _deployment, status, at, at, null, null) { Effect = effect };
        _tasks.Add(task);
        return task;
    }

    private void AddRun(TaskRow task, double from, double? to, int exit = 0) => _runs.Add(new HelmRun(
        _runs.Count, "platz", $"task-{task.Id}-3", "uid", ["upgrade", "web-shop"], Scripted: false, s_start.AddSeconds(from),
        to is { } end ? s_start.AddSeconds(end) : null, to is null ? null : exit));

    private void Expect(params Promise[] promises) => Assert.Equal(
        promises.Order(),
        HelmJudge.Of(new HelmEvidence(_tasks, _runs, _pods)).Breaches.Select(b => b.Promise).Order());
}
