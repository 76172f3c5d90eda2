using k8s;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Runner.Helm;

namespace Platz.Runner.Operations;

/// <summary>Puts a chart into its namespace: the phases that all but Uninstall share.</summary>
internal sealed class ChartInstallation(
    IDbContextFactory<PlatzDb> databases, RegistrySources sources, DeploymentCredentials deploymentCredentials,
    DeploymentValues values)
{
    public async Task RunAsync(IInstallsChart operation, TaskRun run, DeploymentStatus status)
    {
        var chart = await OpenAsync(operation, run);
        await run.PhaseAsync(Phase.Validate, status, async () =>
        {
            await InstalledPlace.MustBeHereAsync(databases, run);
            await ValidateAsync(chart, operation, run);
        });
        await InstallAsync(chart, operation, run, status);
    }

    /// <summary>What the phases need of the chart; read anew by each attempt.</summary>
    public async Task<InstallableChart> OpenAsync(IInstallsChart operation, TaskRun run)
    {
        var (chart, registry) = await ReadAsync(operation.HelmChartId, run);
        var credentials = await CredentialsAsync(registry, run);
        run.Hide(credentials is null ? [] : [credentials.Password]);
        return new InstallableChart(chart, registry, credentials);
    }

    /// <summary>Whatever can be found wrong before anything is touched is found here.</summary>
    public async Task ValidateAsync(InstallableChart installable, IInstallsChart operation, TaskRun run)
    {
        var chart = installable.Chart;
        if (chart.Error is { } error)
        {
            throw new OperationException($"The chart {chart.ChartName} {chart.ImageTag} is broken: {error}");
        }

        await Task.WhenAll(
            run.CallAsync((c, cancel) => c.Version.GetCodeAsync(cancel)),
            values.BuildAsync(chart, operation.ConfigInputs, run));
        await CheckRegistryAsync(chart, installable.Registry, run); // not while the network may be away: it asks but once
    }

    /// <summary>The phases after validation, up to the new revision.</summary>
    public async Task InstallAsync(
        InstallableChart chart, IInstallsChart operation, TaskRun run, DeploymentStatus status)
    {
        await WriteAsync(db => ScheduledInputs.WriteAsync(db, run.Task, run.Stop), run);
        await run.PhaseAsync(Phase.Namespace, status, () => DeploymentNamespace.EnsureAsync(run));
        await run.PhaseAsync(Phase.Credentials, status, () => GiveCredentialsAsync(chart, operation, run));
        await run.PhaseAsync(Phase.HelmUpgrade, status, () => HelmRun.RunAsync(
            run,
            HelmCommand.Upgrade(
                run.Place.Namespace, HelmChart.Of(chart.Registry, chart.Chart), run.Task.Id, run.Options.HelmTimeout),
            async r => await HelmTarget.CredentialsAsync(r) with
            {
                Values = (await values.BuildAsync(chart.Chart, operation.ConfigInputs, run)).Values,
                Override = operation.ValuesOverride?.DeepClone().AsObject() ?? [],
                Registry = chart.Credentials,
            }));
        await WriteAsync(
            db => ResourceTypes.RegisterAsync(
                db, run.Task.EnvId, run.Deployment.KindId, ChartSchema.Of(chart.Chart).ResourceTypes,
                chart.Chart.ResourceTypes, run.Stop),
            run);
        run.Revision = RevisionChange.Record;
    }

    private async Task WriteAsync(Func<PlatzDb, Task> write, TaskRun run) => await DatabaseRetry.RunAsync(
        async () =>
        {
            await using var db = await databases.CreateDbContextAsync(run.Stop);
            await write(db);
            return true;
        },
        run.Stop);

    /// <summary>
    /// An account for Helm, for the deployment's own pods what they may call Platz with, and the Secrets of its form.
    /// </summary>
    private async Task GiveCredentialsAsync(InstallableChart chart, IInstallsChart operation, TaskRun run)
    {
        var ns = run.Place.Namespace;
        await run.CallAsync(async (c, cancel) =>
        {
            await c.EnsureHelmAccountAsync(ns, cancel);
            return true;
        });
        var there = FormSecrets.ListAsync(run);
        var credentials = DatabaseRetry.RunAsync(
            async () =>
            {
                await deploymentCredentials.GiveAsync(run.Task.DeploymentId, ns, run.CallAsync, run.Stop);
                return true;
            },
            run.Stop);
        await Task.WhenAll(there, credentials);
        var built = await values.BuildAsync(chart.Chart, operation.ConfigInputs, run);
        await FormSecrets.ApplyAsync(built.Secrets, await there, run);
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

/// <summary>A chart with what is needed to fetch it.</summary>
internal sealed record InstallableChart(Chart Chart, Registry Registry, RegistryCredentials? Credentials);
