using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Resources;

namespace Platz.Core.Values;

/// <summary>What an env has of each collection. Queries: callers choose whether all or a few are read.</summary>
internal static class CollectionRows
{
    /// <param name="Properties">Those that can be read without opening anything.</param>
    public sealed record Row(CollectionItem Item, JsonObject Properties);

    /// <param name="ids">Null: all that are offered. Else these, those not offered any more included.</param>
    public static async Task<IReadOnlyList<Row>> ReadAsync(
        PlatzDb db, Guid envId, InputCollection? collection, IReadOnlyCollection<Guid>? ids,
        CancellationToken cancel) =>
        collection switch
        {
            InputCollection.Deployments => await DeploymentsAsync(db, envId, ids, cancel),
            InputCollection.Secrets =>
                [.. (await Secrets(db, envId, ids).ToListAsync(cancel)).Select(secret => new Row(
                    new CollectionItem(secret.Id, secret.Name, secret.Collection), Properties(secret)))],
            InputCollection.Resources resources => await ResourcesAsync(db, envId, resources, ids, cancel),
            _ => [],
        };

    public static IQueryable<EnvSecret> Secrets(PlatzDb db, Guid envId, IReadOnlyCollection<Guid>? ids) =>
        db.Secrets.AsNoTracking().Where(s => s.EnvId == envId && (ids == null || ids.Contains(s.Id)));

    /// <summary>Of the env or of all envs, and kept by a deployment of the env or by none.</summary>
    public static IQueryable<DeploymentResource> Resources(
        PlatzDb db, Guid envId, InputCollection.Resources? collection, IReadOnlyCollection<Guid>? ids) =>
        from resource in db.Resources.AsNoTracking()
        join type in db.ResourceTypes on resource.TypeId equals type.Id
        join kind in db.Kinds on type.DeploymentKindId equals kind.Id
        where resource.Exists && (ids == null || ids.Contains(resource.Id))
            && (type.EnvId == null || type.EnvId == envId)
            && (collection == null || (type.Key == collection.Type
                && (collection.DeploymentKind == null || kind.Name == collection.DeploymentKind)))
            && (resource.DeploymentId == null || InEnv(db, envId).Any(d => d.Id == resource.DeploymentId))
        select resource;

    public static JsonObject Properties(EnvSecret secret) => new()
    {
        ["id"] = secret.Id.ToString(),
        ["created_at"] = Time(secret.CreatedAt),
        ["updated_at"] = Time(secret.UpdatedAt),
        ["env_id"] = secret.EnvId.ToString(),
        ["collection"] = secret.Collection,
        ["name"] = secret.Name,
    };

    /// <param name="props">Its inputs; id and name win over inputs of the same name.</param>
    public static JsonObject Properties(DeploymentResource resource, JsonObject props) => new(props
        .Where(prop => prop.Key is not ("id" or "name"))
        .Select(prop => KeyValuePair.Create(prop.Key, prop.Value?.DeepClone()))
        .Prepend(new("name", resource.Name)).Prepend(new("id", resource.Id.ToString())));

    private static IQueryable<Deployment> InEnv(PlatzDb db, Guid envId) => db.Deployments.AsNoTracking().Where(d =>
        d.DeletedAt == null
        && db.Clusters.Any(c => c.Id == d.ClusterId && c.EnvId == envId && c.DeletedAt == null));

    private static async Task<IReadOnlyList<Row>> DeploymentsAsync(
        PlatzDb db, Guid envId, IReadOnlyCollection<Guid>? ids, CancellationToken cancel)
    {
        var found = await (
            from d in InEnv(db, envId)
            join kind in db.Kinds on d.KindId equals kind.Id
            join cluster in db.Clusters on d.ClusterId equals cluster.Id
            where ids == null ? d.Enabled : ids.Contains(d.Id)
            select new { d.Id, d.CreatedAt, d.Name, Kind = kind.Name, d.ClusterId, Cluster = cluster.Name, d.Enabled })
            .ToListAsync(cancel);
        return
        [
            .. found.Select(d => new Row(
                new CollectionItem(d.Id, Label(d.Name == "" ? d.Kind : d.Name, d.Enabled), $"{d.Kind} on {d.Cluster}"),
                new JsonObject
                {
                    ["id"] = d.Id.ToString(),
                    ["created_at"] = Time(d.CreatedAt),
                    ["name"] = d.Name,
                    ["kind"] = d.Kind,
                    ["cluster_id"] = d.ClusterId.ToString(),
                    ["enabled"] = d.Enabled,
                })),
        ];
    }

    private static async Task<IReadOnlyList<Row>> ResourcesAsync(
        PlatzDb db, Guid envId, InputCollection.Resources collection, IReadOnlyCollection<Guid>? ids,
        CancellationToken cancel)
    {
        var found = await (
            from resource in Resources(db, envId, collection, ids)
            join deployment in db.Deployments on resource.DeploymentId equals deployment.Id into owners
            from owner in owners.DefaultIfEmpty()
            select new { Resource = resource, Owner = owner == null ? null : owner.Namespace }).ToListAsync(cancel);
        return
        [
            .. found.Select(r => new Row(
                new CollectionItem(r.Resource.Id, r.Resource.Name, r.Owner),
                Properties(r.Resource, Plain(r.Resource)))),
        ];
    }

    private static JsonObject Plain(DeploymentResource resource) => new(resource.Props
        .Where(prop => !SealedJson.IsSealed(prop.Value))
        .Select(prop => KeyValuePair.Create(prop.Key, prop.Value?.DeepClone())));

    private static string Label(string name, bool enabled) => enabled ? name : $"{name} (disabled)";

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
