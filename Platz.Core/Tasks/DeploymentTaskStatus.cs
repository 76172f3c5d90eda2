using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Core.Tasks;

public enum DeploymentTaskStatus
{
    Pending,
    Started,
    Done,
    Failed,
    Canceled,
}

/// <summary>
/// The task state machine (contract 2.1): every legal move, and nothing else. The trigger
/// <c>deployment_tasks_guard</c> holds the same table in the database; a test compares the two.
/// </summary>
public static class DeploymentTaskTransitions
{
    extension(DeploymentTaskStatus status)
    {
        public bool IsTerminal => status is Done or Failed or Canceled;

        public bool CanBecome(DeploymentTaskStatus next) => (status, next) switch
        {
            (Pending, Started or Canceled) => true,
            (Started, Done or Failed or Canceled) => true,
            _ => false,
        };
    }
}
