using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Runner.Helm;

namespace Platz.Runner.Operations;

/// <summary>Takes a release away from its place: what Uninstall and Recreate share.</summary>
internal static class Removal
{
    public static async Task UninstallAsync(TaskRun run)
    {
        if (!await DeploymentNamespace.IsOursAsync(run) || await DeploymentNamespace.IsLeavingAsync(run))
        {
            await run.NoteAsync(
                $"There is no namespace {run.Place.Namespace} of this deployment, or it is going: nothing to uninstall.");
            return;
        }

        await run.CallAsync(async (c, cancel) =>
        {
            await c.EnsureHelmAccountAsync(run.Place.Namespace, cancel);
            return true;
        });
        await HelmRun.RunAsync(
            run, HelmCommand.Uninstall(run.Place.Namespace, run.Options.HelmTimeout), HelmTarget.CredentialsAsync);
    }
}
