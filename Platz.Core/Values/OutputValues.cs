using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;

namespace Platz.Core.Values;

/// <summary>What the outputs of a chart get from its form.</summary>
internal sealed class OutputValues(ValuesRequest request)
{
    /// <summary>False where the output is left out: its input is hidden, or was left empty and may be.</summary>
    public bool TryResolve(InputReference reference, out JsonNode? value)
    {
        value = null;
        var input = request.Schema.ValuesUi?.Find(reference.Input)
            ?? throw new ValuesException($"The chart's form has no input '{reference.Input}', which an output names.");
        if (!request.IsVisible(input))
        {
            return false;
        }

        if (!request.Inputs.TryGetPropertyValue(input.Id, out var given))
        {
            return input.Required ? throw new ValuesException($"{Name(input)} is required and was not given.") : false;
        }

        value = reference.Property is { } property ? Property(input, property, given) : given;
        return request.IsPreview || !ValueMask.IsMask(value)
            ? true
            : throw new ValuesException($"{Name(input)} holds no value, only what hides one. Enter it again.");
    }

    private JsonNode? Property(InputField input, string property, JsonNode? given) => (given, input) switch
    {
        (null, _) => null,
        _ when ValueMask.IsMask(given) => given,
        (_, { Collection: null }) => throw new ValuesException(
            $"{Name(input)} does not choose from a collection, so that it has no '{property}'."),
        (JsonArray ids, { IsArray: true }) => new JsonArray([.. ids.Select(id => One(input, property, id))]),
        (_, { IsArray: true }) => throw new ValuesException($"{Name(input)} must be a list."),
        _ => One(input, property, given),
    };

    private JsonNode? One(InputField input, string property, JsonNode? id)
    {
        if (id is null || ValueMask.IsMask(id))
        {
            return id?.DeepClone();
        }

        if (id.GetValueKind() is not JsonValueKind.String || !Guid.TryParse(id.GetValue<string>(), out var known))
        {
            throw new ValuesException($"{Name(input)} must name {Noun(input)} by its id.");
        }

        var properties = request.Properties(input.Collection!, known)
            ?? throw new ValuesException($"{Name(input)} names {Noun(input)} that does not exist (any more): {known}.");
        return properties.TryGetPropertyValue(property, out var value)
            ? value?.DeepClone()
            : throw new ValuesException($"{Name(input)}: {Noun(input)} has no property '{property}' ({known}).");
    }

    private static string Name(InputField input) => $"The input '{input.Label}' ({input.Id})";

    private static string Noun(InputField input) => input.Collection switch
    {
        InputCollection.Secrets => "a secret",
        InputCollection.Resources { Type: var type } => $"a resource of type {type}",
        _ => "a deployment",
    };
}
