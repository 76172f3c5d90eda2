using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Resources;

/// <summary>A type of managed resources as pages name it.</summary>
/// <param name="Kind">The kind of the deployments that manage them.</param>
/// <param name="Slug">What addresses call it: its key, or its id where another type of the env has the same key.</param>
public sealed record ManagedType(
    Guid Id, Guid KindId, string Kind, string NameSingular, string NamePlural, string Slug)
{
    /// <summary>The types of an env, those included that all envs share, by name.</summary>
    internal static IEnumerable<ManagedType> In(Guid envId, IReadOnlyList<TypeOfKind> all)
    {
        var rows = all.Where(row => row.Type.EnvId is null || row.Type.EnvId == envId).ToList();
        var keys = rows.CountBy(row => row.Type.Key).ToDictionary();
        return rows.Select(row => Of(row.Type, row.Kind, keys[row.Type.Key] == 1))
            .OrderBy(type => type.NamePlural, StringComparer.Ordinal).ThenBy(type => type.Kind, StringComparer.Ordinal);
    }

    internal static Task<List<TypeOfKind>> OfAllAsync(PlatzDb db, CancellationToken cancel) => (
        from type in db.ResourceTypes.AsNoTracking()
        join kind in db.Kinds on type.DeploymentKindId equals kind.Id
        select new TypeOfKind(type, kind.Name)).ToListAsync(cancel);

    private static ManagedType Of(DeploymentResourceType type, string kind, bool isKeyUnique) => new(
        type.Id, type.DeploymentKindId, kind, Word(type.Spec, "name_singular") ?? type.Key,
        Word(type.Spec, "name_plural") ?? type.Key, isKeyUnique ? type.Key : type.Id.ToString());

    /// <summary>The spec is what some chart says: any part of it may be missing.</summary>
    private static string? Word(JsonObject spec, string name) =>
        spec[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Trim() is { Length: > 0 } word
            ? word
            : null;
}

/// <param name="Kind">The name of that of the deployments that manage it.</param>
internal sealed record TypeOfKind(DeploymentResourceType Type, string Kind);
