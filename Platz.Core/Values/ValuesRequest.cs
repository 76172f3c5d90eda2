using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;

namespace Platz.Core.Values;

/// <summary>Everything that the values of a deployment are made of.</summary>
public sealed record ValuesRequest
{
    public required Env Env { get; init; }

    public required Cluster Cluster { get; init; }

    public required Guid DeploymentId { get; init; }

    /// <summary>Empty for the only deployment of its kind on a cluster.</summary>
    public required string DeploymentName { get; init; }

    public required string Namespace { get; init; }

    public required string Kind { get; init; }

    /// <summary>The task whose inputs these are; null in a preview of what is not queued yet.</summary>
    public required Guid? RevisionId { get; init; }

    /// <summary>Where Platz itself is reached.</summary>
    public required string OwnUrl { get; init; }

    public required ChartSchema Schema { get; init; }

    /// <summary>With sensitive inputs opened.</summary>
    public required JsonObject Inputs { get; init; }

    public required ItemProperties Properties { get; init; }

    /// <summary>For people to look at: masks are let through, which must never be deployed.</summary>
    public bool IsPreview { get; private init; }

    /// <summary>What conditions are judged by: a masked input still shows and hides others.</summary>
    private JsonObject Typed { get => field ?? Inputs; init; }

    internal bool IsVisible(InputField input) => input.IsVisible(Typed);

    /// <summary>
    /// The same without what must not be seen. The inputs may be masked already, but then those that a sensitive one
    /// shows or hides may differ from what is deployed.
    /// </summary>
    /// <param name="secrets">Texts and numbers that properties may hold but must not show.</param>
    public ValuesRequest ToPreview(IReadOnlyCollection<string> secrets)
    {
        var masked = Inputs.DeepClone().AsObject();
        var given = (Schema.ValuesUi?.Inputs ?? []).Where(input => masked[input.Id] is not null);
        foreach (var input in given.Where(input => input.Sensitive))
        {
            masked[input.Id] = SealedJson.NewMask();
        }

        return this with { Inputs = masked, Typed = Typed, Properties = Masked, IsPreview = true };

        JsonObject? Masked(InputCollection collection, Guid id) => Properties(collection, id) is { } properties
            ? MaskProperties(properties, secrets)
            : null;
    }

    /// <summary>Nothing prints the inputs by mistake.</summary>
    public override string ToString() => $"values of {Namespace}";

    private static JsonObject MaskProperties(JsonObject properties, IReadOnlyCollection<string> secrets) => new(
        properties.Select(property => KeyValuePair.Create(
            property.Key,
            property.Key == "contents" || SealedJson.Leaves(property.Value).Any(secrets.Contains)
                ? SealedJson.NewMask()
                : property.Value?.DeepClone())));
}

/// <summary>
/// The properties of an item of that collection, and of no other: an id of something else gives null, like an id of
/// nothing, so that no chart reads a secret through an input for deployments.
/// </summary>
public delegate JsonObject? ItemProperties(InputCollection collection, Guid id);
