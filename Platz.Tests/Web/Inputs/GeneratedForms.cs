using System.Text.Json.Nodes;
using CsCheck;
using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Web.Inputs;

/// <summary>Small forms with every type of input, and what may be stored for them.</summary>
internal static class GeneratedForms
{
    private static readonly Gen<InputType> s_type = Gen.Enum<InputType>();

    public static Gen<(ValuesUi Ui, JsonObject Stored)> Stored { get; } =
        from inputs in Gen.Select(s_type, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool).Array[1, 6]
        let fields = inputs.Select((i, n) => Field($"in{n}", i.Item1, i.Item2, i.Item3, i.Item4)).ToList()
        from values in Gen.Int[0, 5].Array[fields.Count]
        select (new ValuesUi(fields, [], []), new JsonObject(fields.Zip(values)
            .Where(pair => pair.Second > 0)
            .Select(pair => KeyValuePair.Create(pair.First.Id, (JsonNode?)Value(pair.First, pair.Second)))));

    private static InputField Field(string id, InputType type, bool isArray, bool required, bool sensitive) => new()
    {
        Id = id,
        Type = type,
        IsArray = isArray,
        Required = required,
        Sensitive = sensitive,
        Label = id,
        InitialValue = isArray ? new JsonArray(One(type, 5)) : One(type, 5),
        Options = type is InputType.RadioSelect ? [.. Enumerable.Range(0, 6).Select(n => new InputOption(n, null, null))] : [],
        Collection = type is InputType.CollectionSelect ? new InputCollection.Deployments() : null,
        ShowIfAll = id is "in1" ? [new FieldCondition("in0", true)] : [],
    };

    /// <summary>Of a sensitive input the sealed form; the emptiest of each type is among them.</summary>
    private static JsonNode Value(InputField field, int n) => (field, n) switch
    {
        ({ Sensitive: true }, _) => new JsonObject { ["$sealed"] = "AAAA" },
        ({ IsArray: true }, 1) => new JsonArray(),
        ({ IsArray: true }, _) => new JsonArray([.. Enumerable.Range(0, n).Select(i => One(field.Type, i))]),
        _ => One(field.Type, n - 1),
    };

    private static JsonNode One(InputType type, int n) => type switch
    {
        InputType.Number => n == 0 ? 0 : n / 4m,
        InputType.Checkbox => n % 2 == 1,
        InputType.RadioSelect => n,
        InputType.CollectionSelect => new Guid(n, 0, 0, new byte[8]).ToString(),
        InputType.DaysAndHour => new JsonObject { ["run_days"] = n == 0 ? "" : $"0,{n}", ["schedule"] = $"0{n}:30" },
        _ => new string('x', n),
    };
}
