using Platz.Chaos.Judging;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Chaos;

/// <summary>The judge of the kill campaign finds every wrong it is there for, and only those.</summary>
public sealed partial class JudgeTests
{
    [Fact]
    public void A_task_done_once_after_two_deaths_is_as_it_should_be()
    {
        var task = Add(Task(1, Done, from: 1, to: 9) with { Fence = 3, Attempt = 3 });
        AddRun(task, fence: 1, from: 1, to: 2, killed: true);
        AddRun(task, fence: 2, from: 4, to: 5, killed: true, made: true);
        AddRun(task, fence: 3, from: 7, to: 8, ended: true);

        Assert.Empty(Verdict().Breaches);
    }

    [Fact]
    public void A_task_that_was_accepted_and_has_no_row_is_lost()
    {
        _enqueued.Add(Guid.CreateVersion7());
        Expect(Promise.Kept);
    }

    [Fact]
    public void A_started_task_that_no_queue_knows_is_lost_as_well_as_stuck()
    {
        Add(Task(1, Started, from: 1) with { Queued = null });
        Expect(Promise.Kept, Promise.Ended);
    }

    [Fact]
    public void A_task_that_is_done_and_had_no_effect_is_lost()
    {
        var task = Add(Task(1, Done, from: 1, to: 3));
        AddRun(task, 1, from: 1, to: 2, ended: true, made: false);
        Expect(Promise.Kept);
    }

    [Fact]
    public void A_task_that_waits_after_the_last_fault_is_stuck()
    {
        Add(Task(1, Pending) with { Queued = QueueState.Blocked });
        Expect(Promise.Ended);
    }

    [Fact]
    public void Two_effects_are_one_too_many()
    {
        var task = Add(Task(1, Done, from: 1, to: 9) with { Fence = 2 });
        AddRun(task, 1, from: 1, to: 2, killed: true, made: true);
        AddRun(task, 2, from: 4, to: 8, ended: true, made: true);
        Expect(Promise.Once);
    }

    [Fact]
    public void The_same_fence_given_twice_is_one_claim_too_many()
    {
        var task = AddDone(1, from: 1, to: 3);
        AddRun(task, 1, from: 4, to: 4);
        Expect(Promise.Once, Promise.Once); // and it began after the end
    }

    [Fact]
    public void A_task_begun_after_its_end_is_done_twice()
    {
        var task = AddDone(1, from: 1, to: 3);
        AddRun(task, 2, from: 5, to: 6, killed: true);
        Expect(Promise.Once);
    }

    [Fact]
    public void An_outcome_recorded_by_a_runner_that_was_replaced_is_found()
    {
        var task = Add(Task(1, Done, from: 1, to: 5) with { Fence = 2 });
        AddRun(task, 1, from: 1, to: 4.9, ended: true, made: true, still: (1.5, 4.8));
        AddRun(task, 2, from: 4, to: 7);
        Expect(Promise.Once);
    }

    [Fact]
    public void A_task_that_ended_twice_or_moved_as_none_may_is_found()
    {
        var task = AddDone(1, from: 1, to: 3);
        _moves.AddRange([new(task.Id, Pending, Started), new(task.Id, Started, Done), new(task.Id, Done, Failed)]);
        Expect(Promise.Once, Promise.Once);
    }

    [Fact]
    public void Two_tasks_of_a_deployment_at_the_same_time_overlap()
    {
        AddDone(1, from: 1, to: 5);
        AddDone(2, from: 4, to: 8);
        Expect(Promise.Alone);
    }

    [Fact]
    public void A_task_that_begins_before_its_predecessor_was_killed_overlaps()
    {
        var first = Add(Task(1, Failed, from: 1, to: 9));
        AddRun(first, 1, from: 1, to: 6, killed: true);
        AddDone(2, from: 5, to: 8);
        Expect(Promise.Alone, Promise.Unharmed);
    }

    [Fact]
    public void Other_deployments_may_run_at_the_same_time()
    {
        AddDone(1, from: 1, to: 5);
        AddDone(2, from: 2, to: 6, Guid.CreateVersion7());
        Assert.Empty(Verdict().Breaches);
    }

    [Fact]
    public void Who_stood_still_while_the_lease_ran_out_is_excused_until_it_is_awake()
    {
        var task = Add(Task(1, Done, from: 1, to: 9) with { Fence = 2 });
        AddRun(task, 1, from: 1, to: 6.2, still: (2, 6));
        AddRun(task, 2, from: 5, to: 8, ended: true, made: true);
        Assert.Equal((0, 1), (Verdict().Breaches.Count, Verdict().Excused));
    }

    [Fact]
    public void Who_goes_on_long_after_it_has_woken_is_not()
    {
        var task = Add(Task(1, Done, from: 1, to: 9) with { Fence = 2 });
        AddRun(task, 1, from: 1, to: 7.5, still: (2, 6));
        AddRun(task, 2, from: 5, to: 8, ended: true, made: true);
        Expect(Promise.Alone);
    }

    [Fact]
    public void A_standstill_at_another_time_excuses_nothing()
    {
        AddRun(AddDone(1, from: 1, to: 5), 9, from: 0.5, to: 0.6, still: (0.1, 0.4));
        AddDone(2, from: 4, to: 8);
        Expect(Promise.Alone);
    }

    [Fact]
    public void A_later_task_that_started_first_is_out_of_order()
    {
        AddDone(2, from: 1, to: 2);
        AddDone(1, from: 3, to: 4);
        Expect(Promise.InOrder);
    }

    [Fact]
    public void A_task_for_later_lets_others_pass()
    {
        var later = Task(1, Done, from: 8, to: 10) with { ExecuteAt = s_start.AddSeconds(7) };
        AddRun(Add(later), 1, from: 8, to: 9, ended: true, made: true);
        AddDone(2, from: 1, to: 3);
        Assert.Empty(Verdict().Breaches);
    }

    [Fact]
    public void Tasks_of_the_same_moment_start_in_the_order_of_their_ids_as_postgresql_orders_them()
    {
        var (a, b) = (Guid.Parse("01000000-0000-7000-8000-000000000000"), Guid.Parse("00ff0000-0000-7000-8000-000000000000"));
        foreach (var (id, from) in new[] { (a, 4.0), (b, 1.0) })
        {
            AddRun(Add(Task(1, Done, from, from + 2) with { Id = id }), 1, from, from + 1, ended: true, made: true);
        }

        Assert.Empty(Verdict().Breaches);
    }

    [Theory]
    [InlineData(CancelOutcome.Canceled, Done)]
    [InlineData(CancelOutcome.StopRequested, Done)]
    public void A_cancel_that_was_granted_and_came_to_nothing_is_found(CancelOutcome told, DeploymentTaskStatus status)
    {
        _told.Add(new CancelTold(AddDone(1, from: 1, to: 3).Id, told));
        Assert.Equal(Done, status);
        Expect(Promise.Canceled);
    }

    [Fact]
    public void A_task_canceled_while_it_waited_and_begun_all_the_same_is_found()
    {
        var task = Add(Task(1, Canceled, to: 3) with { Effect = TaskEffect.None });
        _told.Add(new CancelTold(task.Id, CancelOutcome.Canceled));
        AddRun(task, 1, from: 1, to: 2);
        Expect(Promise.Canceled);
    }

    [Fact]
    public void Of_two_who_cancel_only_one_is_told_that_it_was_them()
    {
        var task = Add(Task(1, Canceled, to: 3) with { Effect = TaskEffect.None });
        _told.AddRange([new(task.Id, CancelOutcome.Canceled), new(task.Id, CancelOutcome.Canceled)]);
        Expect(Promise.Canceled);
    }

    [Theory]
    [InlineData(TaskEffect.None, true)]
    [InlineData(TaskEffect.Complete, false)]
    [InlineData(null, false)]
    public void A_canceled_task_that_is_wrong_about_its_effect_is_found(TaskEffect? effect, bool had)
    {
        var task = Add(Task(1, Canceled, to: 3) with { Effect = effect });
        _effects.UnionWith(had ? [task.Id] : []);
        Expect(Promise.Canceled);
    }
}
