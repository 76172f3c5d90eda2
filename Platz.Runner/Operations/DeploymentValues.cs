using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

/// <summary>
/// What a chart is given to run with: the inputs of the task as they were queued, everything they refer to as it is now.
/// </summary>
internal sealed class DeploymentValues(
    IDbContextFactory<PlatzDb> databases, SensitiveInputs sensitive, Collections collections,
    IOptions<RunnerOptions> options)
{
    /// <exception cref="OperationException">Chart and inputs do not go together, or something referred to is gone.</exception>
    public Task<ChartValuesResult> BuildAsync(Chart chart, JsonObject inputs, TaskRun run) => TellingAsync(async () =>
    {
        var request = await DatabaseRetry.RunAsync(() => RequestAsync(ChartSchema.Of(chart), inputs, run), run.Stop);
        return ChartValues.Build(request);
    });

    /// <summary>What an action sends: its form's outputs, or without a form the inputs as they are.</summary>
    /// <exception cref="OperationException">Action and inputs do not go together.</exception>
    public Task<JsonObject> BodyAsync(ValuesUi? form, JsonObject inputs, TaskRun run) => TellingAsync(async () =>
    {
        var schema = ChartSchema.None with { ValuesUi = form };
        var request = await DatabaseRetry.RunAsync(() => RequestAsync(schema, inputs, run), run.Stop);
        return form is null ? request.Inputs : ChartValues.Build(request).Form;
    });

    private async Task<ValuesRequest> RequestAsync(ChartSchema schema, JsonObject inputs, TaskRun run)
    {
        var task = run.Task;
        await using var db = await databases.CreateDbContextAsync(run.Stop);
        var cluster = await db.Clusters.AsNoTracking().SingleAsync(c => c.Id == task.ClusterId, run.Stop);
        var envId = cluster.EnvId ?? throw new OperationException($"The cluster {cluster.Name} belongs to no env.");
        var opened = sensitive.Open(task.DeploymentId, inputs);
        run.Hide(opened.Secrets);
        var form = schema.ValuesUi ?? ValuesUi.Empty;
        if (InputCheck.Errors(form, opened.Inputs) is [{ } error, ..])
        {
            throw new OperationException($"{error.Field}: {error.Message}");
        }

        var items = new Dictionary<DependencyKind, ReferencedItems>(); // by kind: an id opens what its input chooses from
        foreach (var kind in Collections.Dependencies(form, opened.Inputs).GroupBy(reference => reference.Kind))
        {
            items[kind.Key] = await collections.PropertiesAsync(db, envId, [.. kind], run.Stop);
            run.Hide(items[kind.Key].Secrets);
        }

        return new ValuesRequest
        {
            Env = await db.Envs.AsNoTracking().SingleAsync(e => e.Id == envId, run.Stop),
            Cluster = cluster,
            DeploymentId = task.DeploymentId,
            DeploymentName = task.DeploymentName,
            Namespace = task.Namespace,
            Kind = task.KindName,
            RevisionId = task.Id,
            OwnUrl = options.Value.OwnUrl,
            Schema = schema,
            Inputs = opened.Inputs,
            Properties = (collection, id) => items.GetValueOrDefault(collection switch
            {
                InputCollection.Deployments => DependencyKind.Deployment,
                InputCollection.Secrets => DependencyKind.Secret,
                _ => DependencyKind.Resource,
            })?.TryGet(id),
        };
    }

    private static async Task<T> TellingAsync<T>(Func<Task<T>> build)
    {
        try
        {
            return await build();
        }
        catch (Exception e) when (e is ValuesException or EnvelopeException)
        {
            throw new OperationException(e.Message, e);
        }
    }
}
