using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;

namespace Platz.Core.Values;

/// <summary>What inputs are kept for; a value sealed for one opens for no other.</summary>
public readonly record struct InputOwner
{
    private readonly string _path;

    private InputOwner(string path) => _path = path;

    /// <summary>Of its config, and of what its actions are called with.</summary>
    public static InputOwner Deployment(Guid id) => new($"deployments/{id}");

    public static InputOwner Resource(Guid id) => new($"resources/{id}");

    /// <summary>The context under which that input is sealed.</summary>
    public string Context(string inputId) => $"{_path}/inputs/{inputId}";
}

/// <param name="Errors">If there are any, the inputs must not be stored.</param>
public sealed record SealedInputs(JsonObject Inputs, IReadOnlyList<FieldError> Errors);

/// <param name="Secrets">Every text and number within what was sealed, to be redacted from logs.</param>
public sealed record OpenedInputs(JsonObject Inputs, IReadOnlyList<string> Secrets);

/// <summary>
/// Sensitive inputs are stored as <c>{"$sealed":"base64"}</c> and shown as <c>{"$sensitive":true}</c>; that mask sent
/// back means that the stored value is kept.
/// </summary>
public sealed class SensitiveInputs(Envelope envelope)
{
    /// <summary>A copy that may be shown: what is sealed, at any depth, becomes the mask.</summary>
    public static JsonNode? Mask(JsonNode? value) => SealedJson.Mask(value);

    /// <param name="typed">May hold masks, not sealed values: those come from <paramref name="stored"/> alone.</param>
    public SealedInputs Seal(ValuesUi ui, InputOwner owner, JsonObject typed, JsonObject? stored)
    {
        var inputs = new JsonObject();
        var errors = new List<FieldError>();
        foreach (var (id, value) in typed)
        {
            var before = SealedJson.IsSealed(stored?[id]) ? stored![id] : null;
            if (SealedJson.IsMask(value) && before is not null)
            {
                inputs[id] = before.DeepClone();
            }
            else if (Refusal(value) is { } message)
            {
                errors.Add(new FieldError(InputCheck.FieldName(id), message));
            }
            else
            {
                var sensitive = value is not null && ui.Find(id) is { Sensitive: true };
                inputs[id] = sensitive ? Seal(value!, owner.Context(id), before) : value?.DeepClone();
            }
        }

        return new SealedInputs(inputs, errors);
    }

    public SealedInputs Seal(ValuesUi ui, Guid deploymentId, JsonObject typed, JsonObject? stored) =>
        Seal(ui, InputOwner.Deployment(deploymentId), typed, stored);

    /// <exception cref="EnvelopeException">A value was sealed elsewhere, or its key is gone.</exception>
    public OpenedInputs Open(InputOwner owner, JsonObject inputs)
    {
        var opened = new JsonObject();
        var secrets = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (id, value) in inputs)
        {
            var plain = SealedJson.IsSealed(value) ? Open(value!, owner.Context(id)) : value?.DeepClone();
            if (SealedJson.IsSealed(value))
            {
                secrets.UnionWith(SealedJson.Leaves(plain));
            }

            opened[id] = plain;
        }

        return new OpenedInputs(opened, [.. secrets]);
    }

    public OpenedInputs Open(Guid deploymentId, JsonObject inputs) => Open(InputOwner.Deployment(deploymentId), inputs);

    /// <summary>The same value keeps its very bytes, so that no difference shows where there is none.</summary>
    private JsonNode Seal(JsonNode value, string context, JsonNode? before) =>
        before is not null && IsSame(before, value, context)
            ? before.DeepClone()
            : SealedJson.Wrap(envelope.Seal(value.ToJsonString(), context));

    private bool IsSame(JsonNode before, JsonNode value, string context)
    {
        try
        {
            return JsonNode.DeepEquals(Open(before, context), value);
        }
        catch (EnvelopeException)
        {
            return false; // what cannot be opened any more can still be replaced
        }
    }

    private JsonNode? Open(JsonNode value, string context) =>
        JsonNode.Parse(envelope.OpenText(SealedJson.Unwrap(value, context), context));

    private static string? Refusal(JsonNode? value) => value switch
    {
        _ when SealedJson.IsMask(value) => "There is no stored value to keep; type this again.",
        _ when SealedJson.HoldsReserved(value) =>
            $"The keys {SealedJson.SealedKey} and {SealedJson.MaskKey} are reserved; choose other names.",
        _ => null,
    };
}
