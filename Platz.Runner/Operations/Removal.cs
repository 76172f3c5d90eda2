using System.Net;
using k8s.Autorest;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Runner.Helm;

namespace Platz.Runner.Operations;

/// <summary>Takes a release away from its place: what Uninstall and Recreate share.</summary>
internal static class Removal
{
    public static async Task UninstallAsync(TaskRun run)
    {
        if (!await TryPrepareAsync(run))
        {
            run.Note(
                $"There is no namespace {run.Place.Namespace} of this deployment, or it is going: nothing to uninstall.");
            return;
        }

        await HelmRun.RunAsync(
            run, HelmCommand.Uninstall(run.Place.Namespace, run.Options.HelmTimeout), HelmTarget.CredentialsAsync);
    }

    /// <returns>False when there is nothing that Helm could work in.</returns>
    private static async Task<bool> TryPrepareAsync(TaskRun run)
    {
        if (!await DeploymentNamespace.IsUsableAsync(run))
        {
            return false;
        }

        try
        {
            return await run.CallAsync(async (c, cancel) =>
            {
                await c.EnsureHelmAccountAsync(run.Place.Namespace, cancel);
                return true;
            });
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound) || e.Is(HttpStatusCode.Forbidden))
        {
            if (await DeploymentNamespace.IsUsableAsync(run))
            {
                throw;
            }

            return false; // somebody deletes it at this very moment
        }
    }
}
