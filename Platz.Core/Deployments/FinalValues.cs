using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Values;

namespace Platz.Core.Deployments;

/// <summary>What a chart would be given, for people to look at before or after it is deployed.</summary>
public sealed class FinalValues(IDbContextFactory<PlatzDb> databases, Collections collections, OwnAddress own)
{
    public async Task<FinalValuesResult> PreviewAsync(FinalValuesRequest request, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var env = await db.Envs.AsNoTracking().SingleOrDefaultAsync(e => e.Id == request.EnvId, cancel);
        var cluster = await db.Clusters.AsNoTracking().SingleOrDefaultAsync(
            c => c.Id == request.ClusterId && c.EnvId == request.EnvId, cancel);
        var chart = await db.Charts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.ChartId, cancel);
        if (env is null || cluster is null || chart is null)
        {
            return new FinalValuesResult.Refused("Choose a cluster and a chart version first.");
        }

        try
        {
            var schema = ChartSchema.Of(chart);
            var built = ChartValues.Build(new ValuesRequest
            {
                Env = env,
                Cluster = cluster,
                DeploymentId = request.DeploymentId,
                DeploymentName = request.Name,
                Namespace = request.Namespace,
                Kind = request.Kind,
                RevisionId = null,
                OwnUrl = own.Url,
                Schema = schema,
                Inputs = SealedJson.MaskInputs(request.Inputs),
                Properties = await PropertiesAsync(db, request, schema.ValuesUi ?? ValuesUi.Empty, cancel),
            }.ToPreview([])); // its properties are masked already
            return new FinalValuesResult.Shown(ValuesPreview.Of(chart.DefaultValues, built, request.ValuesOverride));
        }
        catch (Exception e) when (e is ValuesException or EnvelopeException)
        {
            return new FinalValuesResult.Refused(e.Message);
        }
    }

    /// <summary>With all that is sensitive masked, in whatever it stands.</summary>
    private async Task<ItemProperties> PropertiesAsync(
        PlatzDb db, FinalValuesRequest request, ValuesUi ui, CancellationToken cancel)
    {
        var kinds = new Dictionary<DependencyKind, ReferencedItems>();
        foreach (var kind in Collections.Dependencies(ui, request.Inputs).GroupBy(reference => reference.Kind))
        {
            kinds[kind.Key] = await collections.PropertiesAsync(db, request.EnvId, [.. kind], cancel);
        }

        return (collection, id) => kinds.GetValueOrDefault(KindOf(collection)) is { } items
            ? Masked(items.TryGet(id), items.Secrets)
            : null;
    }

    private static JsonObject? Masked(JsonObject? properties, IReadOnlyList<string> secrets) => properties is null
        ? null
        : new JsonObject(properties.Select(property => KeyValuePair.Create(
            property.Key,
            SealedJson.Leaves(property.Value).Any(secrets.Contains) ? SealedJson.NewMask() : property.Value?.DeepClone())));

    private static DependencyKind KindOf(InputCollection collection) => collection switch
    {
        InputCollection.Deployments => DependencyKind.Deployment,
        InputCollection.Secrets => DependencyKind.Secret,
        _ => DependencyKind.Resource,
    };
}

public abstract record FinalValuesResult
{
    public sealed record Shown(ValuesPreview Preview) : FinalValuesResult;

    public sealed record Refused(string Message) : FinalValuesResult;
}

/// <param name="Inputs">As stored or as typed: sealed values and masks come out as masks.</param>
/// <param name="ValuesOverride">Empty for whoever may not read it.</param>
public sealed record FinalValuesRequest(
    Guid EnvId, Guid ClusterId, Guid ChartId, Guid DeploymentId, string Name, string Namespace, string Kind,
    JsonObject Inputs, JsonObject ValuesOverride);
