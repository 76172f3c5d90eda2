using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Core.Values;
using Platz.Runner.Dispatch;
using Platz.Runner.Http;

namespace Platz.Runner.Operations;

/// <summary>
/// Calls a chart over its ingress. Everything is checked again when it runs; the call itself is sent at most once: that
/// it was begun is recorded before, and who finds that record does not send it again (faults.md P6).
/// </summary>
internal sealed class InvokeActionHandler(
    IDbContextFactory<PlatzDb> databases, ActionRights rights, DeploymentTokens tokens,
    DeploymentValues values, TimeProvider clock)
    : IOperationHandler<InvokeAction>
{
    private static readonly TimeSpan s_tokenLifetime = TimeSpan.FromSeconds(60);

    public async Task RunAsync(InvokeAction operation, TaskRun run)
    {
        ActionCall? call = null;
        await run.PhaseAsync(Phase.Validate, status: null, async () => call = await PrepareAsync(operation, run));
        await run.PhaseAsync(Phase.Call, status: null, () => CallAsync(call, run));
    }

    private async Task CallAsync(ActionCall? call, TaskRun run)
    {
        if (call is null || run.Resumed)
        {
            run.BeginEffect();
            throw new OperationException(
                "The outcome is unknown: the runner died while the call was on its way. It is not sent again.");
        }

        var token = await DatabaseRetry.RunAsync(
            () => tokens.CreateAsync(run.Task.DeploymentId, s_tokenLifetime, run.Stop), run.Stop);
        run.Hide(token);
        await call.SendAsync(run, token, clock);
    }

    private async Task<ActionCall> PrepareAsync(InvokeAction operation, TaskRun run)
    {
        var (chart, cluster, installed) = await DatabaseRetry.RunAsync(() => ReadAsync(operation, run), run.Stop);
        var action = ChartSchema.Of(chart).Actions.FirstOrDefault(a => a.Id == operation.ActionId)
            ?? throw new OperationException($"The chart has no action '{operation.ActionId}'.");
        await CheckAsync(action, run);

        var features = ChartSchema.Of(installed).Features;
        var host = features.Ingress
            ? IngressHost.Of(features.HostnameFormat, run.Place.Namespace, run.Task.DeploymentName, cluster)
            : throw new OperationException("The chart has no ingress to call.");
        var (url, error) = ActionUrl.Build(
            host ?? throw new OperationException($"The cluster {cluster.Name} has no ingress domain."), action.Target.Path);
        return new ActionCall(
            action, IngressTarget.Of(cluster, host),
            url ?? throw new OperationException($"The action cannot be called: {error}."), await BodyAsync(action, operation, run));
    }

    private async Task CheckAsync(ChartAction action, TaskRun run)
    {
        if (await DatabaseRetry.RunAsync(
            () => rights.RefusalAsync(run.Task.Actor, run.Deployment, action, run.Stop), run.Stop) is { } refusal)
        {
            throw new OperationException(refusal);
        }

        if (action.Obstacle(run.Deployment) is { } obstacle)
        {
            throw new OperationException(obstacle);
        }
    }

    private async Task<(Chart Chart, Cluster Cluster, Chart Installed)> ReadAsync(InvokeAction operation, TaskRun run)
    {
        if (operation.HelmChartId != run.Deployment.HelmChartId)
        {
            throw new OperationException("The chart changed meanwhile: look at the action again before you invoke it.");
        }

        await using var db = await databases.CreateDbContextAsync(run.Stop);
        var chart = await db.Charts.AsNoTracking().SingleAsync(c => c.Id == operation.HelmChartId, run.Stop);
        var cluster = await db.Clusters.AsNoTracking().SingleAsync(c => c.Id == run.Task.ClusterId, run.Stop);
        var revision = await db.Tasks.AsNoTracking()
            .SingleOrDefaultAsync(t => t.Id == run.Deployment.RevisionId, run.Stop);
        var installed = revision?.Operation.InstalledChartId
            ?? throw new OperationException("Nothing is installed that could be called.");
        return (chart, cluster, await db.Charts.AsNoTracking().SingleAsync(c => c.Id == installed, run.Stop));
    }

    /// <summary>Those that read or delete have none.</summary>
    private async Task<JsonObject?> BodyAsync(ChartAction action, InvokeAction operation, TaskRun run) =>
        action.Target.Method is HttpVerb.GET or HttpVerb.DELETE
            ? null
            : await values.BodyAsync(action.Form, operation.Body, run);
}
