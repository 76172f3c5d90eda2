using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Runner.Helm;

namespace Platz.Runner.Operations;

internal sealed class UninstallHandler : IOperationHandler<Uninstall>
{
    public async Task RunAsync(Uninstall operation, TaskRun run)
    {
        // A deployment that is being deleted says so until it is gone.
        DeploymentStatus? status = run.Deployment.Status is DeploymentStatus.Deleting
            ? null
            : DeploymentStatus.Uninstalling;
        await run.PhaseAsync(Phase.HelmUninstall, status, () => UninstallAsync(run));
        run.Revision = RevisionChange.Clear;
        await run.PhaseAsync(Phase.DeleteNamespace, status, () => DeploymentNamespace.DeleteAsync(run));
    }

    private static async Task UninstallAsync(TaskRun run)
    {
        if (!await DeploymentNamespace.IsOursAsync(run))
        {
            await run.NoteAsync($"There is no namespace {run.Task.Namespace} of this deployment: nothing to uninstall.");
            return;
        }

        await run.CallAsync(async (c, cancel) =>
        {
            await c.EnsureHelmAccountAsync(run.Task.Namespace, cancel);
            return true;
        });
        await HelmRun.RunAsync(
            run, HelmCommand.Uninstall(run.Task.Namespace, run.Options.HelmTimeout), HelmTarget.CredentialsAsync);
    }
}
