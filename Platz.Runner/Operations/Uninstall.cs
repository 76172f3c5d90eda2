using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

internal sealed class UninstallHandler(IDbContextFactory<PlatzDb> databases) : IOperationHandler<Uninstall>
{
    public async Task RunAsync(Uninstall operation, TaskRun run)
    {
        // A deployment that is being deleted says so until it is gone.
        DeploymentStatus? status = run.Deployment.Status is DeploymentStatus.Deleting
            ? null
            : DeploymentStatus.Uninstalling;
        await run.PhaseAsync(Phase.HelmUninstall, status, async () =>
        {
            await InstalledPlace.MustBeHereAsync(databases, run);
            await Removal.UninstallAsync(run);
        });
        run.Revision = RevisionChange.Clear;
        await run.PhaseAsync(Phase.DeleteNamespace, status, () => DeploymentNamespace.DeleteAsync(run));
    }
}
