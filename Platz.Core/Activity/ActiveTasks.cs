using Platz.Core.Tasks;

namespace Platz.Core.Activity;

/// <summary>Tasks that have not ended.</summary>
/// <param name="Running">Longest first: what starts comes last and moves nothing.</param>
/// <param name="Queued">In the order in which they get their turn, as far as it is known.</param>
/// <param name="Scheduled">Soonest first.</param>
/// <param name="Waits">Where each of them stands.</param>
public sealed record ActiveTasks(
    IReadOnlyList<DeploymentTask> Running,
    IReadOnlyList<DeploymentTask> Queued,
    IReadOnlyList<DeploymentTask> Scheduled,
    IReadOnlyDictionary<Guid, QueuePlace> Waits)
{
    public static ActiveTasks None { get; } = new([], [], [], new Dictionary<Guid, QueuePlace>());

    /// <summary>How many there are of each, shown or not.</summary>
    public (int Running, int Queued, int Scheduled) Totals { get; init; }

    public IEnumerable<DeploymentTask> All => [.. Running, .. Queued, .. Scheduled];

    internal ActiveTasks With(
        IReadOnlyDictionary<Guid, DeploymentTask> now, IReadOnlyDictionary<Guid, QueuePlace> waits)
    {
        return new ActiveTasks(Now(Running), Now(Queued), Now(Scheduled), waits) { Totals = Totals };

        IReadOnlyList<DeploymentTask> Now(IReadOnlyList<DeploymentTask> before) =>
            [.. before.Select(task => now.GetValueOrDefault(task.Id, task))];
    }
}
