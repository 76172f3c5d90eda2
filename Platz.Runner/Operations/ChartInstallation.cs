using System.Text.Json.Nodes;
using k8s;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Runner.Helm;

namespace Platz.Runner.Operations;

/// <summary>Puts a chart into its namespace: the phases that Install and Upgrade share.</summary>
internal sealed class ChartInstallation(IDbContextFactory<PlatzDb> databases, RegistrySources sources)
{
    public async Task RunAsync(IInstallsChart operation, TaskRun run, DeploymentStatus status)
    {
        var (chart, registry) = await ReadAsync(operation.HelmChartId, run);
        var credentials = await CredentialsAsync(registry, run);
        run.Secrets.AddRange(credentials is null ? [] : [credentials.Password]);
        await run.PhaseAsync(Phase.Validate, status, () => ValidateAsync(chart, registry, run));
        await run.PhaseAsync(Phase.Namespace, status, () => DeploymentNamespace.EnsureAsync(run));
        await run.PhaseAsync(Phase.Credentials, status, () => run.CallAsync(async (c, cancel) =>
        {
            await c.EnsureHelmAccountAsync(run.Task.Namespace, cancel);
            return true;
        }));
        await run.PhaseAsync(Phase.HelmUpgrade, status, () => HelmRun.RunAsync(
            run,
            HelmCommand.Upgrade(
                run.Task.Namespace, HelmChart.Of(registry, chart), run.Task.Id, run.Options.HelmTimeout),
            async r => await HelmTarget.CredentialsAsync(r) with
            {
                Values = new JsonObject { ["config"] = operation.ConfigInputs.DeepClone() },
                Override = operation.ValuesOverride?.DeepClone().AsObject() ?? [],
                Registry = credentials,
            }));
        run.Revision = RevisionChange.Record;
    }

    private async Task<(Chart, Registry)> ReadAsync(Guid chartId, TaskRun run) => await DatabaseRetry.RunAsync(
        async () =>
        {
            await using var db = await databases.CreateDbContextAsync(run.Stop);
            var chart = await db.Charts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == chartId, run.Stop)
                ?? throw new OperationException("The chart version of this task is not known any more.");
            return (chart, await db.Registries.AsNoTracking().SingleAsync(r => r.Id == chart.HelmRegistryId, run.Stop));
        },
        run.Stop);

    /// <summary>Whatever can be found wrong before anything is touched is found here.</summary>
    private async Task ValidateAsync(Chart chart, Registry registry, TaskRun run)
    {
        if (chart.Error is { } error)
        {
            throw new OperationException($"The chart {chart.ChartName} {chart.ImageTag} is broken: {error}");
        }

        await run.CallAsync((c, cancel) => c.Version.GetCodeAsync(cancel));
        await CheckRegistryAsync(chart, registry, run);
    }

    /// <summary>The tag must still be the chart that was chosen: a tag pushed again is another chart.</summary>
    private async Task CheckRegistryAsync(Chart chart, Registry registry, TaskRun run)
    {
        if (sources.Find(registry.SourceName) is not { } source)
        {
            throw new OperationException(
                $"The registry source '{registry.SourceName}' of {registry.DomainName}/{registry.RepoName} "
                + "is not configured for this runner.");
        }

        try
        {
            var digest = await source.GetDigestAsync(registry.RepoName, chart.ImageTag, run.Stop);
            if (digest != chart.ImageDigest)
            {
                throw new OperationException(
                    $"{registry.DomainName}/{registry.RepoName}:{chart.ImageTag} was pushed again since it was chosen: "
                    + $"it is {digest} now, not {chart.ImageDigest}. Choose the version again.");
            }
        }
        catch (RegistryException e)
        {
            throw new OperationException(e.Message, e);
        }
    }

    private async Task<RegistryCredentials?> CredentialsAsync(Registry registry, TaskRun run)
    {
        try
        {
            return await sources.CredentialsAsync(registry.SourceName, run.Stop) is { } login
                ? new RegistryCredentials(registry.DomainName, login.Username, login.Password)
                : null;
        }
        catch (RegistryException e)
        {
            throw new OperationException(e.Message, e);
        }
    }
}
