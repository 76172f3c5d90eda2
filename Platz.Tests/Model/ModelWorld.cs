namespace Platz.Tests.Model;

/// <summary>Runners, the queue and a cluster, and what may happen to them, one thing at a time.</summary>
internal sealed class ModelWorld(Guard missing = Guard.None)
{
    public const int Runners = 3;
    public const int Deployments = 2;
    public const int Lease = 20; // minutes
    private const int Trust = 15;

    private readonly QueueModel _queue = new(missing);
    private readonly ModelCluster _cluster = new(missing);
    private readonly ModelRunner[] _runners = [.. Enumerable.Range(0, Runners).Select(i => new ModelRunner(i))];
    private readonly List<ModelAttempt> _attempts = [];
    private readonly ModelJudge _judge = new();
    private int _owners = Runners;

    /// <exception cref="BrokenPromiseException">Whatever was promised does not hold.</exception>
    public void Do(Step step)
    {
        _queue.Pass(step.Kind is StepKind.Wait ? 7 + step.A % 2 * 8 : 0); // sums of 7 and 15 are never a lease or a delay
        Happen(step);
        _judge.Look(_queue, _cluster);
        _attempts.RemoveAll(a => a.IsOver);
    }

    /// <summary>From here on nothing breaks any more: everything comes to its end.</summary>
    public void Rest()
    {
        for (var round = 0; round < 60 && _queue.Tasks.Any(t => t.State is not null); round++)
        {
            _queue.Pass(5);
            Do(new Step(StepKind.Due, 0, 0));
            for (var runner = 0; runner < Runners; runner++)
            {
                Array.ForEach(
                    [StepKind.Wake, StepKind.Beat, StepKind.Rescue, StepKind.Pick, StepKind.Take],
                    kind => Do(new Step(kind, runner, 9)));
            }

            for (var call = 0; call < 10; call++)
            {
                foreach (var attempt in _attempts.ToList())
                {
                    attempt.Go(answerLost: false);
                }

                Do(new Step(StepKind.HelmEnds, 0, 1));
            }
        }

        ModelJudge.AllHaveEnded(_queue);
    }

    private void Happen(Step step)
    {
        var runner = _runners[step.A % Runners];
        switch (step.Kind)
        {
            case StepKind.Queue:
                _queue.Enqueue(step.A % Deployments, (step.B % 4) switch { 0 => 10, 1 => 24, _ => 0 });
                break;
            case StepKind.Due:
                _queue.PromoteDue();
                break;
            case StepKind.Pick when !runner.IsStopped:
                runner.Picked = [.. _queue.Ready.Take(1 + step.B)];
                break;
            case StepKind.Take when !runner.IsStopped:
                runner.Picked.ForEach(t => Begin(runner, t, _queue.Claim(t, runner.Owner, Lease)));
                runner.Picked = [];
                break;
            case StepKind.Rescue when !runner.IsStopped:
                foreach (var task in _queue.Expired.Take(1 + step.B).ToList())
                {
                    Begin(runner, task, _queue.Rescue(task, runner.Owner, Lease));
                }

                break;
            case StepKind.Beat when !runner.IsStopped:
                Beat(runner);
                break;
            case StepKind.Go when Pick(_attempts, step.A) is { } attempt:
                Go(attempt, answerLost: step.B % 8 == 0);
                break;
            case StepKind.LetGo when Pick(_attempts, step.A) is { RunnerIsDead: false, OnItsWay: false } attempt:
                attempt.LetGo();
                break;
            case StepKind.HelmEnds when Pick(Running(), step.A) is { } run:
                run.Succeeded = step.B % 4 != 0;
                break;
            case StepKind.DeletePod when Pick([.. _cluster.Pods], step.A) is { } pod:
                _cluster.Delete(pod);
                break;
            case StepKind.Cancel when Pick(_queue.Tasks, step.A) is { } task:
                _judge.Told(task, _queue.Cancel(task));
                break;
            case StepKind.Kill:
                Kill(runner);
                break;
            case StepKind.Stop:
                runner.IsStopped = true;
                break;
            case StepKind.Wake when runner.IsStopped:
                runner.IsStopped = false;
                runner.Attempts.ForEach(a => a.OnItsWay = true); // it was about to act, and cannot know for how long
                break;
        }
    }

    private List<ModelRun> Running() => _cluster.Runs.FindAll(r => r.Succeeded is null);

    private void Begin(ModelRunner runner, ModelTask task, bool taken)
    {
        runner.Attempts.RemoveAll(a => a.IsOver);
        if (!taken || runner.Attempts.Exists(a => a.Task == task))
        {
            return; // its own attempt has not ended yet: the lease runs out (TaskPool.Start)
        }

        var attempt = new ModelAttempt(_queue, _cluster, task, missing) { TrustUntil = _queue.In(Trust) };
        runner.Attempts.Add(attempt);
        _attempts.Add(attempt);
    }

    private void Beat(ModelRunner runner)
    {
        foreach (var attempt in runner.Attempts.Where(a => !a.IsOver && _queue.Beat(a.Task, a.Fence, Lease)))
        {
            attempt.TrustUntil = _queue.In(Trust);
        }
    }

    private void Go(ModelAttempt attempt, bool answerLost)
    {
        if (!_runners.Any(r => r.IsStopped && r.Attempts.Contains(attempt)))
        {
            attempt.Go(answerLost);
        }
    }

    private void Kill(ModelRunner runner)
    {
        foreach (var attempt in runner.Attempts)
        {
            (attempt.RunnerIsDead, attempt.OnItsWay) = (true, true);
        }

        _runners[Array.IndexOf(_runners, runner)] = new ModelRunner(_owners++);
    }

    private static T? Pick<T>(IReadOnlyList<T> among, int number)
        where T : class => among.Count == 0 ? null : among[number % among.Count];

    private sealed class ModelRunner(int owner)
    {
        public int Owner => owner;

        public bool IsStopped { get; set; }

        public List<ModelTask> Picked { get; set; } = [];

        public List<ModelAttempt> Attempts { get; } = [];
    }
}
