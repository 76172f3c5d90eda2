using Microsoft.Extensions.Options;
using Platz.Chaos.Ledgers;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;
using Platz.Runner.Operations;

namespace Platz.Chaos.Runners;

/// <summary>
/// Stands in for every operation: enters its phases as they are, and in the last one has an effect that exactly one
/// attempt may make, and that then takes its time whoever watches it, as a Helm pod does.
/// </summary>
internal sealed class NoOp<TOperation>(EffectLedger ledger, IOptions<NoOpOptions> options, TimeProvider clock)
    : IOperationHandler<TOperation>
    where TOperation : Operation
{
    public async Task RunAsync(TOperation operation, TaskRun run)
    {
        ledger.Note(Act.Begun, run.Task);
        var end = Act.Left;
        try
        {
            await EnterPhasesAsync(run);
            run.Stop.ThrowIfCancellationRequested();
            end = Act.Ended;
        }
        finally
        {
            ledger.Note(end, run.Task);
        }
    }

    private async Task EnterPhasesAsync(TaskRun run)
    {
        var phases = OperationPhases.Of(run.Task.OpKind);
        foreach (var phase in phases.SkipLast(1))
        {
            await run.PhaseAsync(phase, status: null, () => Task.CompletedTask);
        }

        await run.PhaseAsync(phases[^1], status: null, () => ActAsync(run));
    }

    private async Task ActAsync(TaskRun run)
    {
        var work = options.Value.WorkOf(run.Task.Id);
        if (!run.Resumed || !ledger.Has(run.Task))
        {
            if (run.Resumed && run.Task.CancelRequested)
            {
                throw new StopRequestedException(); // as a Helm phase that finds nothing begun
            }

            await Task.Delay(work * 0.25, clock, run.Stop);
        }

        run.BeginEffect();
        run.Stop.ThrowIfCancellationRequested();
        var over = ledger.Take(run.Task) + (work * 0.75);
        if (over - clock.GetUtcNow() is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, clock, run.Stop);
        }
    }
}

/// <summary>How long the work of a task takes: drawn from its id, so that every attempt finds the same.</summary>
internal sealed class NoOpOptions
{
    public const string Section = "NoOp";

    public TimeSpan Shortest { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(2.5);

    public TimeSpan WorkOf(Guid task) => Shortest + ((Longest - Shortest) * (task.ToByteArray()[^1] / 255.0));
}
