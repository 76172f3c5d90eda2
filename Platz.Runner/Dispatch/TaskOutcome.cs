using Platz.Core.Deployments;
using Platz.Core.Tasks;

namespace Platz.Runner.Dispatch;

/// <summary>What the end of a run makes of the task and its deployment (contract 2.3).</summary>
internal static class TaskOutcome
{
    public static TaskResult Done(TaskRun run) => Result(run, DeploymentTaskStatus.Done) with
    {
        Effect = TaskEffect.Complete,
        DeploymentStatus = run.Task.Operation switch
        {
            Uninstall => IsDelete(run) ? DeploymentStatus.Deleting : DeploymentStatus.Uninstalled,
            InvokeAction or RestartK8sResource => null,
            _ => DeploymentStatus.Running,
        },
        DeletesDeployment = IsDelete(run),
        ReinstallsDependents = run.Task.Operation is IInstallsChart, // a Reinstall never triggers another
    };

    public static TaskResult Failed(TaskRun run, string summary) => Result(run, DeploymentTaskStatus.Failed) with
    {
        Reason = ErrorSummary.Cut(summary, ErrorSummary.MaxBytes),
        Effect = run.Effect,
        DeploymentStatus = ChangesDeployment(run) ? DeploymentStatus.Error : null,
    };

    public static TaskResult Canceled(TaskRun run) => (run.Effect, run.Deployment.RevisionId) switch
    {
        _ when !ChangesDeployment(run) => Result(run, DeploymentTaskStatus.Canceled),
        (TaskEffect.None, null) => Stopped(run, DeploymentStatus.Uninstalled),
        (TaskEffect.None, _) => Stopped(run, DeploymentStatus.Running),
        _ => Stopped(run, DeploymentStatus.Error) with
        {
            Reason = $"{run.Task.OpKind} was canceled when it was partly done, after the phase {run.Phase}.",
        },
    };

    private static TaskResult Stopped(TaskRun run, DeploymentStatus status) =>
        Result(run, DeploymentTaskStatus.Canceled) with { DeploymentStatus = status };

    private static TaskResult Result(TaskRun run, DeploymentTaskStatus status) => new(
        run.Task.Id, run.Task.DeploymentId, run.Task.Fence, status, Reason: null, run.Effect, DeploymentStatus: null,
        run.Revision);

    private static bool IsDelete(TaskRun run) =>
        run.Task.Operation is Uninstall && run.Deployment.Status is DeploymentStatus.Deleting;

    private static bool ChangesDeployment(TaskRun run) => run.Task.Operation is not (InvokeAction or RestartK8sResource);
}
