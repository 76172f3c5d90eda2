using Platz.Core.Tasks;

namespace Platz.Web.Tasks;

/// <summary>Reads what the page of a task shows; who may see it is asked by the page.</summary>
public sealed class TaskPages(TaskHistory history, TaskRelations relations, NameLookup names)
{
    /// <returns>Null when there is no such task.</returns>
    public async Task<TaskPageRead?> ReadAsync(Guid id, CancellationToken cancel)
    {
        if (await history.FindAsync(id, cancel) is not { } task)
        {
            return null;
        }

        return new TaskPageRead(
            task,
            await history.PhasesAsync(id, cancel),
            await relations.OfAsync(task, cancel),
            await names.OfAsync([task], OperationNames.None, cancel));
    }
}

public sealed record TaskPageRead(
    DeploymentTask Task, IReadOnlyList<DeploymentTaskPhase> Phases, RelatedTasks Related, OperationNames Names)
{
    public bool IsCurrent => Related.IsCurrent;

    public QueuePlace? Wait => Related.Wait;
}
