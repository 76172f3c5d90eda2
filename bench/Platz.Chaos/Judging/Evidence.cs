using Platz.Chaos.Ledgers;
using Platz.Core.Tasks;

namespace Platz.Chaos.Judging;

/// <summary>All that a campaign left behind and its judge looks at; none of it is what a runner claims of itself.</summary>
internal sealed record Evidence
{
    /// <summary>The rows afterwards.</summary>
    public required IReadOnlyCollection<TaskRow> Tasks { get; init; }

    /// <summary>Tasks whose enqueue was committed for certain.</summary>
    public IReadOnlyCollection<Guid> Enqueued { get; init; } = [];

    /// <summary>What whoever canceled was told; several may have tried.</summary>
    public IReadOnlyCollection<CancelTold> Canceled { get; init; } = [];

    /// <summary>Every move of a status, written by a trigger of the campaign's own.</summary>
    public IReadOnlyCollection<Move> Moves { get; init; } = [];

    /// <summary>Every attempt at a task that a runner began.</summary>
    public required IReadOnlyCollection<Run> Runs { get; init; }

    /// <summary>Tasks whose effect is there, looked up where effects are.</summary>
    public IReadOnlySet<Guid> Effects { get; init; } = new HashSet<Guid>();
}

internal sealed record TaskRow(
    Guid Id, Guid Deployment, DeploymentTaskStatus Status, DateTimeOffset CreatedAt, DateTimeOffset ExecuteAt,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    public long Fence { get; init; }

    public int Attempt { get; init; }

    public TaskEffect? Effect { get; init; }

    /// <summary>That of its live half in <c>task_queue</c>; null without one.</summary>
    public QueueState? Queued { get; init; }
}

internal sealed record CancelTold(Guid Task, CancelOutcome Outcome);

internal sealed record Move(Guid Task, DeploymentTaskStatus From, DeploymentTaskStatus To);

/// <summary>The process stood still: it was stopped, or the machine had no time for it.</summary>
internal sealed record Standstill(DateTimeOffset From, DateTimeOffset To);

/// <summary>What was done to a process from outside.</summary>
/// <param name="KilledAt">When it was dead for certain; null for one that ended by itself.</param>
internal sealed record RunnerLife(string Name, DateTimeOffset? KilledAt, IReadOnlyList<Standstill> Stops);

/// <summary>One attempt, as the ledger of its process tells it.</summary>
/// <param name="End">The last thing it did; the death of its process where that cut it short.</param>
/// <param name="Standstills">Of its process.</param>
internal sealed record Run(
    Guid Task, Guid Deployment, long Fence, DateTimeOffset Begin, DateTimeOffset End, IReadOnlyList<Standstill> Standstills)
{
    public bool Made { get; init; }

    /// <summary>It came to its end; whether its outcome was recorded is another question.</summary>
    public bool Ended { get; init; }

    /// <summary>It was cut short by the death of its process.</summary>
    public bool Killed { get; init; }

    /// <summary>All attempts that a process began.</summary>
    public static IEnumerable<Run> Of(RunnerLife life, IReadOnlyList<LedgerLine> lines)
    {
        Standstill[] still =
        [
            .. life.Stops,
            .. lines.Where(l => l.Act is Act.StoodStill).Select(l => new Standstill(l.At - l.Lasted, l.At)),
        ];
        return lines.Where(l => l.Act is not Act.StoodStill).GroupBy(l => (l.Task, l.Fence)).Select(run =>
        {
            var ended = run.Any(l => l.Act is Act.Ended);
            var over = ended || run.Any(l => l.Act is Act.Left);
            var acts = run.Where(l => l.Act is not Act.Left); // that it went away is nothing that it did
            return new Run(
                run.Key.Task, run.First().Deployment, run.Key.Fence, acts.Min(l => l.At),
                over || life.KilledAt is not { } killed ? acts.Max(l => l.At) : killed, still)
            {
                Made = run.Any(l => l.Act is Act.Made),
                Ended = ended,
                Killed = !over && life.KilledAt is not null,
            };
        });
    }
}
