using System.Text.Json.Nodes;

namespace Platz.Core.Charts.Extensions;

/// <summary>Writes a form in its newest format.</summary>
internal static class FormJson
{
    /// <param name="version">Null for a form that is part of something with a header.</param>
    public static JsonObject Write(ValuesUi form, string? version)
    {
        var json = new JsonObject();
        if (version is not null)
        {
            json["apiVersion"] = version;
            json["kind"] = "ValuesUi";
        }

        json["inputs"] = new JsonArray([.. form.Inputs.Select(Input)]);
        json["outputs"] = new JsonObject
        {
            ["values"] = new JsonArray([.. form.Values.Select(Value)]),
            ["secrets"] = new JsonObject(form.Secrets.Select(secret =>
                KeyValuePair.Create(secret.Name, (JsonNode?)Secret(secret)))),
        };
        return json;
    }

    private static JsonObject Input(InputField input)
    {
        var type = TypeName(input.Type);
        var json = new JsonObject
        {
            ["id"] = input.Id,
            ["type"] = input.IsArray ? "array" : type,
            ["itemType"] = input.IsArray ? type : null,
            ["collection"] = Collection(input.Collection),
            ["label"] = input.Label,
            ["initialValue"] = input.InitialValue?.DeepClone(),
            ["helpText"] = input.HelpText,
            ["required"] = input.Required,
            ["sensitive"] = input.Sensitive,
            ["options"] = input.Options is [] ? null : new JsonArray([.. input.Options.Select(Option)]),
            ["showIf"] = input.ShowIf?.DeepClone(),
            ["showIfAll"] = Conditions(input.ShowIfAll),
            ["filters"] = Conditions(input.Filters),
            ["minimum"] = Decimal(input.Minimum),
            ["maximum"] = Decimal(input.Maximum),
            ["step"] = Decimal(input.Step),
        };
        foreach (var empty in json.Where(entry => entry.Value is null).Select(entry => entry.Key).ToList())
        {
            json.Remove(empty);
        }

        return json;
    }

    private static string TypeName(InputType type) => type switch
    {
        InputType.Text => "text",
        InputType.Number => "number",
        _ => type.ToString(),
    };

    private static JsonNode? Collection(InputCollection? collection) => collection switch
    {
        InputCollection.Deployments => "deployments",
        InputCollection.Secrets => "secrets",
        InputCollection.Resources { DeploymentKind: { } kind, Type: var type } =>
            new JsonObject { ["deployment"] = kind, ["type"] = type },
        InputCollection.Resources { Type: var type } => type,
        _ => null,
    };

    private static JsonNode Option(InputOption option) => new JsonObject
    {
        ["value"] = option.Value?.DeepClone(),
        ["label"] = option.Label,
        ["helpText"] = option.HelpText,
    };

    private static JsonArray? Conditions(IReadOnlyList<FieldCondition> conditions) => conditions is []
        ? null
        : new JsonArray([.. conditions.Select(condition =>
            new JsonObject { ["field"] = condition.Field, ["value"] = condition.Value?.DeepClone() })]);

    private static JsonNode? Decimal(decimal? number) => number is { } value ? SourceNumber.Text(value) : null;

    private static JsonNode Value(ValueOutput output) => new JsonObject
    {
        ["path"] = new JsonArray([.. output.Path.Select(step => (JsonNode?)JsonValue.Create(step))]),
        ["value"] = Reference(output.Value),
    };

    private static JsonObject Secret(SecretOutput secret) =>
        new JsonObject(secret.Keys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)Reference(key.Value))));

    private static JsonObject Reference(InputReference reference) => reference.Property is { } property
        ? new JsonObject
        {
            ["FieldProperty"] = new JsonObject { ["input"] = reference.Input, ["property"] = property },
        }
        : new JsonObject { ["FieldValue"] = new JsonObject { ["input"] = reference.Input } };
}
