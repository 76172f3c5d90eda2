using System.Text.Json.Nodes;
using Platz.Core.Deployments;

namespace Platz.Core.Values;

/// <summary>One thing that a CollectionSelect offers.</summary>
/// <param name="Detail">What tells it from others of the same label.</param>
public sealed record CollectionItem(Guid Id, string Label, string? Detail);

/// <summary>What an input refers to.</summary>
public readonly record struct Reference(DependencyKind Kind, Guid Id);

/// <summary>The things that inputs refer to, with the properties that a chart may ask of them.</summary>
/// <param name="Secrets">Every secret text among the properties, to be redacted from logs.</param>
public sealed record ReferencedItems(IReadOnlyDictionary<Guid, JsonObject> Items, IReadOnlyList<string> Secrets)
{
    public static ReferencedItems None { get; } = new(new Dictionary<Guid, JsonObject>(), []);

    /// <summary>Null: there is no such thing in the env.</summary>
    public JsonObject? TryGet(Guid id) => Items.GetValueOrDefault(id);
}
