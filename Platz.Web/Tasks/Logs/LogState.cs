using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;

namespace Platz.Web.Tasks.Logs;

/// <summary>A log as it is at one moment: shared by all who watch it, so nobody changes it.</summary>
/// <param name="Tail">Its last lines, so that following it reads nothing.</param>
public sealed record LogState(
    DeploymentTask Task, IReadOnlyList<DeploymentTaskPhase> Phases, LogShape Shape, ReadOnlyMemory<KeptLine> Tail)
{
    /// <summary>How many lines of the end are held.</summary>
    public const int TailLines = 512;

    /// <summary>More lines may come.</summary>
    public bool IsLive => Task.Status is DeploymentTaskStatus.Pending or DeploymentTaskStatus.Started;
}
