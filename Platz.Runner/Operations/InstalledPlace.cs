using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

/// <summary>
/// Where a deployment's release really is: after a move that failed, not where the deployment is said to be. Whoever
/// installs at another place would leave that release behind for ever.
/// </summary>
internal static class InstalledPlace
{
    /// <exception cref="OperationException">The release is at another place.</exception>
    public static Task MustBeHereAsync(IDbContextFactory<PlatzDb> databases, TaskRun run) =>
        MustBeAsync(new Location(run.Task.ClusterId, run.Task.Namespace), databases, run);

    /// <inheritdoc cref="MustBeHereAsync"/>
    public static async Task MustBeAsync(Location expected, IDbContextFactory<PlatzDb> databases, TaskRun run)
    {
        if (await FindAsync(databases, run) is not { } installed || installed == expected)
        {
            return;
        }

        throw new OperationException(
            $"The release is still in the namespace {installed.Namespace}: the move before this task failed. "
            + "Do this once more: it then begins where the release is.");
    }

    /// <returns>Null when nothing is installed.</returns>
    private static async Task<Location?> FindAsync(IDbContextFactory<PlatzDb> databases, TaskRun run)
    {
        if (run.Deployment.RevisionId is not { } revision)
        {
            return null;
        }

        return await DatabaseRetry.RunAsync(
            async () =>
            {
                await using var db = await databases.CreateDbContextAsync(run.Stop);
                return await Location.OfRevisionAsync(db, revision, run.Stop);
            },
            run.Stop);
    }
}
