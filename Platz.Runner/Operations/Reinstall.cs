using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

/// <summary>
/// Installs the current revision again, because something that it uses has changed. What that revision was is kept in
/// the operation when the task starts, so that a successor installs the very same.
/// </summary>
internal sealed class ReinstallHandler(
    ChartInstallation installation, IDbContextFactory<PlatzDb> databases, TaskQueue queue) : IOperationHandler<Reinstall>
{
    public async Task RunAsync(Reinstall operation, TaskRun run) => await installation.RunAsync(
        Recorded(operation) ?? await RecordAsync(run), run, DeploymentStatus.Upgrading);

    private static Installed? Recorded(Reinstall operation) => operation.HelmChartId is { } chart
        ? new Installed(chart, operation.ConfigInputs ?? [], operation.ValuesOverride)
        : null;

    private async Task<Installed> RecordAsync(TaskRun run)
    {
        var (installed, version) = await DatabaseRetry.RunAsync(() => ReadAsync(run), run.Stop);
        var recorded = await DatabaseRetry.RunAsync(
            () => queue.RecordReinstallAsync(run.Task.Id, run.Task.Fence, installed, version, run.Stop), run.Stop);
        return recorded ? installed : throw new LeaseLostException();
    }

    private async Task<(Installed, string? ChartVersion)> ReadAsync(TaskRun run)
    {
        await using var db = await databases.CreateDbContextAsync(run.Stop);
        var installed = run.Deployment.RevisionId is { } revision
            ? Of(await db.Tasks.AsNoTracking().SingleAsync(t => t.Id == revision, run.Stop))
            : await WithoutRevisionAsync(run);
        var version = await db.Charts.Where(c => c.Id == installed.HelmChartId).Select(c => c.ImageTag)
            .SingleOrDefaultAsync(run.Stop);
        return (installed, version);
    }

    private static Installed Of(DeploymentTask revision) => revision.Operation switch
    {
        IInstallsChart o => new Installed(o.HelmChartId, o.ConfigInputs, o.ValuesOverride),
        Reinstall o when Recorded(o) is { } installed => installed,
        _ => throw new OperationException($"What the current revision {revision.Id} installed cannot be read."),
    };

    /// <summary>Its Install failed, perhaps for want of the very thing that has changed now.</summary>
    private static async Task<Installed> WithoutRevisionAsync(TaskRun run)
    {
        var deployment = run.Deployment;
        if (!deployment.Enabled)
        {
            throw new OperationException("The deployment is disabled and nothing of it is installed.");
        }

        run.Note("No revision is installed: installing the deployment's own chart and inputs.");
        return new Installed(deployment.HelmChartId, deployment.Config, deployment.ValuesOverride);
    }

    private sealed record Installed(Guid HelmChartId, JsonObject ConfigInputs, JsonObject? ValuesOverride)
        : IInstallsChart;
}
