using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Core.Values;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

/// <summary>What an action is called with: the outputs of its form, or what was typed where it has none.</summary>
internal sealed class ActionBody(
    IDbContextFactory<PlatzDb> databases, SensitiveInputs sensitive, Collections collections,
    IOptions<RunnerOptions> options)
{
    /// <returns>Null for a method that has no body. What of it is secret is added to the run's secrets.</returns>
    /// <exception cref="OperationException">What was typed does not fit the form, or refers to what is gone.</exception>
    public async Task<JsonObject?> BuildAsync(ChartAction action, InvokeAction operation, Cluster cluster, TaskRun run)
    {
        if (action.Target.Method is HttpVerb.GET or HttpVerb.DELETE)
        {
            return null;
        }

        try
        {
            var opened = sensitive.Open(run.Task.DeploymentId, operation.Body);
            run.Secrets.AddRange(opened.Secrets);
            return action.Form is { } form ? await RenderAsync(form, opened.Inputs, cluster, run) : opened.Inputs;
        }
        catch (Exception e) when (e is ValuesException or EnvelopeException)
        {
            throw new OperationException(e.Message, e);
        }
    }

    private async Task<JsonObject> RenderAsync(ValuesUi form, JsonObject inputs, Cluster cluster, TaskRun run)
    {
        if (InputCheck.Errors(form, inputs) is [{ } error, ..])
        {
            throw new OperationException($"{error.Field}: {error.Message}");
        }

        await using var db = await databases.CreateDbContextAsync(run.Stop);
        var env = await db.Envs.AsNoTracking().SingleAsync(e => e.Id == run.Task.EnvId, run.Stop);
        var found = new Dictionary<DependencyKind, ReferencedItems>();
        foreach (var references in Collections.Dependencies(form, inputs).GroupBy(r => r.Kind))
        {
            var items = await collections.PropertiesAsync(db, env.Id, [.. references], run.Stop);
            run.Secrets.AddRange(items.Secrets);
            found[references.Key] = items;
        }

        return ChartValues.Build(new ValuesRequest
        {
            Env = env,
            Cluster = cluster,
            DeploymentId = run.Task.DeploymentId,
            DeploymentName = run.Task.DeploymentName,
            Namespace = run.Place.Namespace,
            Kind = run.Task.KindName,
            RevisionId = run.Deployment.RevisionId,
            OwnUrl = options.Value.OwnUrl,
            Schema = new ChartSchema(form, [], ChartFeatures.Default, []),
            Inputs = inputs,
            Properties = (collection, id) => found.GetValueOrDefault(KindOf(collection))?.TryGet(id),
        }).Form;
    }

    private static DependencyKind KindOf(InputCollection collection) => collection switch
    {
        InputCollection.Deployments => DependencyKind.Deployment,
        InputCollection.Secrets => DependencyKind.Secret,
        _ => DependencyKind.Resource,
    };
}
