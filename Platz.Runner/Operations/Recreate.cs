using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

/// <summary>
/// Moves or renames: away at the old place, there again at the new one. Whatever can be checked at the new place is
/// checked before the old one is touched.
/// </summary>
internal sealed class RecreateHandler(ChartInstallation installation, IDbContextFactory<PlatzDb> databases)
    : IOperationHandler<Recreate>
{
    private const DeploymentStatus Status = DeploymentStatus.Renaming;

    public async Task RunAsync(Recreate operation, TaskRun run)
    {
        var chart = await installation.OpenAsync(operation, run);
        await run.PhaseAsync(Phase.Validate, Status, async () =>
        {
            await InstalledPlace.MustBeAsync(
                new Location(operation.OldClusterId, operation.OldNamespace), databases, run);
            await CheckOldPlaceAsync(operation, run);
            await installation.ValidateAsync(chart, operation, run);
            await DeploymentNamespace.CheckAsync(run);
        });
        await run.PhaseAsync(Phase.HelmUninstall, Status, () => Removal.UninstallAsync(run));
        run.Revision = RevisionChange.Clear;
        await run.PhaseAsync(Phase.DeleteNamespace, Status, () => DeploymentNamespace.DeleteAsync(run));
        await installation.InstallAsync(chart, operation, run, Status);
    }

    /// <summary>A cluster that nobody serves any more would leave the task waiting for ever.</summary>
    private async Task CheckOldPlaceAsync(Recreate operation, TaskRun run)
    {
        var old = await DatabaseRetry.RunAsync(
            async () =>
            {
                await using var db = await databases.CreateDbContextAsync(run.Stop);
                return await db.Clusters.AsNoTracking().SingleAsync(c => c.Id == operation.OldClusterId, run.Stop);
            },
            run.Stop);
        if (old.DeletedAt is not null || old.Ignore)
        {
            throw new OperationException(
                $"The deployment cannot be taken away from {old.Name}: Platz does not serve that cluster any more.");
        }
    }
}
