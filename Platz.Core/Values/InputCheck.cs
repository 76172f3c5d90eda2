using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;

namespace Platz.Core.Values;

/// <summary>
/// Whether what was typed into a form fits it. Hidden inputs are not looked at, nor are values that the form does not
/// know: an earlier chart version may have left them.
/// </summary>
public static class InputCheck
{
    public const int MostItems = 1024;

    public const string Needed = "This is needed.";

    public static IReadOnlyList<FieldError> Errors(ValuesUi ui, JsonObject inputs) =>
    [
        .. from input in ui.VisibleInputs(inputs)
           let message = Error(input, inputs[input.Id])
           where message is not null
           select new FieldError(FieldName(input.Id), message),
    ];

    /// <summary>The name under which an input's error is found.</summary>
    public static string FieldName(string inputId) => $"config.{inputId}";

    /// <summary>Of one input, visible or not.</summary>
    public static string? Error(InputField input, JsonNode? value) => value switch
    {
        _ when IsAbsent(input, value) => input.Required ? Needed : null,
        _ when SealedJson.IsMask(value) || SealedJson.IsSealed(value) => null,
        JsonArray items when input.IsArray => ItemsError(input, items),
        _ when input.IsArray => "This must be a list.",
        _ => InputValue.Error(input, value!),
    };

    /// <summary>Not typed, or cleared again.</summary>
    public static bool IsAbsent(InputField input, JsonNode? value) => value switch
    {
        null => true,
        JsonArray { Count: 0 } => input.IsArray,
        _ => IsEmptyText(input, value),
    };

    /// <summary>No text at all, which is not what the person chose: a chart may offer the empty text as an option.</summary>
    public static bool IsEmptyText(InputField input, JsonNode value) =>
        !input.IsArray && JsonScalar.Text(value) == "" && !IsOption(input, value);

    private static bool IsOption(InputField input, JsonNode value) =>
        input.Type is InputType.RadioSelect && input.Options.Any(option => JsonNode.DeepEquals(option.Value, value));

    private static string? ItemsError(InputField input, JsonArray items)
    {
        if (items.Count > MostItems)
        {
            return $"These are too many: at most {MostItems:N0} items.";
        }

        for (var i = 0; i < items.Count; i++)
        {
            var error = items[i] is { } item ? InputValue.Error(input, item) : "Fill this in, or remove the item.";
            if (error is not null)
            {
                return $"Item {i + 1}: {error}";
            }
        }

        return null;
    }
}
