using System.Text.Json.Nodes;

namespace Platz.Core.Resources;

/// <summary>A type of managed resources as pages name it.</summary>
/// <param name="Kind">The kind of the deployments that manage them.</param>
/// <param name="Slug">What addresses call it: its key, or its id where another type of the env has the same key.</param>
public sealed record ManagedType(
    Guid Id, Guid KindId, string Kind, string NameSingular, string NamePlural, string Slug)
{
    internal static ManagedType Of(DeploymentResourceType type, string kind, bool isKeyUnique) => new(
        type.Id, type.DeploymentKindId, kind, Word(type.Spec, "name_singular") ?? type.Key,
        Word(type.Spec, "name_plural") ?? type.Key, isKeyUnique ? type.Key : type.Id.ToString());

    /// <summary>The spec is what some chart says: any part of it may be missing.</summary>
    private static string? Word(JsonObject spec, string name) =>
        spec[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Trim() is { Length: > 0 } word
            ? word
            : null;
}
