using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Web.Inputs;

/// <summary>Generated forms, and what a person types into them.</summary>
/// <param name="Answers">By input id; null where the input is left or made empty.</param>
/// <param name="Last">What the first input, a checkbox on which others depend, is in the end.</param>
internal sealed record TypedForm(ValuesUi Ui, IReadOnlyDictionary<string, JsonNode?> Answers, bool Last)
{
    /// <summary>Every sensitive text and number holds one of these.</summary>
    public const string Canary = "canary";

    /// <inheritdoc cref="Canary"/>
    public const string NumberCanary = "770077";

    private const decimal Sensitive = 770_077_000_000;

    private static readonly string[] s_texts = ["", " a ", "<b>\"&amp;'</b>", "two\nlines", "false", "0"];

    private static readonly decimal[] s_numbers = [0, 1.5m, 20, 3, -0.25m, decimal.MaxValue];

    /// <summary>Of every type all the empty values that are values.</summary>
    private static readonly JsonNode[] s_options = [0, false, "", "0", 1.5m, true];

    /// <param name="items">What a CollectionSelect may choose from.</param>
    public static Gen<TypedForm> Of(IReadOnlyList<Guid> items) =>
        from shapes in Gen.Select(Gen.Enum<InputType>(), Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 3]).Array[1, 7]
        from numbers in Gen.Int[0, 5].Array[shapes.Length]
        from last in Gen.Bool
        let fields = shapes.Select((s, i) => Field($"in{i + 1}", s.Item1, s.Item2, s.Item3, s.Item4, s.Item5, items)).ToList()
        select new TypedForm(
            WithOutputs([First, .. fields]),
            fields.Zip(numbers).ToDictionary(p => p.First.Id, p => Answer(p.First, p.Second, items)),
            last);

    public static InputField First { get; } = new() { Id = "in0", Type = InputType.Checkbox, Label = "L0" };

    /// <summary>What the form stores of all that, before anything is sealed.</summary>
    public JsonObject Expected()
    {
        var expected = new JsonObject { [First.Id] = Last };
        foreach (var input in Ui.Inputs.Where(input => input.Id != First.Id))
        {
            var isEmptyText = input is { IsArray: false, Type: InputType.Text };
            var answer = Answers[input.Id];
            if (answer is null || (isEmptyText && (string?)answer == ""))
            {
                answer = (input.InitialValue, input.IsArray) switch
                {
                    (null, _) => null,
                    (_, true) => new JsonArray(),
                    _ => isEmptyText ? "" : null,
                };
            }

            if (answer is not null)
            {
                expected[input.Id] = answer.DeepClone();
            }
        }

        return expected;
    }

    public override string ToString() => string.Join('\n', Ui.Inputs.Skip(1).Select(input => string.Create(
        CultureInfo.InvariantCulture,
        $"{input.Type} {input.Id} array:{input.IsArray} required:{input.Required} sensitive:{input.Sensitive} "
        + $"initial:{input.InitialValue?.ToJsonString()} if:{input.ShowIf?.ToJsonString()}{input.ShowIfAll.Count} "
        + $"answer:{Answers[input.Id]?.ToJsonString()} last:{Last}")));

    private static ValuesUi WithOutputs(IReadOnlyList<InputField> inputs) => new(
        inputs, [.. inputs.Select(input => new ValueOutput(["out", input.Id], new InputReference(input.Id, null)))],
        [new SecretOutput("s", inputs.ToDictionary(input => input.Id, input => new InputReference(input.Id, null)))]);

    private static InputField Field(
        string id, InputType type, bool isArray, bool required, int kind, int condition, IReadOnlyList<Guid> items)
    {
        var field = new InputField
        {
            Id = id,
            Type = type,
            IsArray = isArray,
            Required = required,
            Sensitive = kind == 3,
            Label = $"L{id[2..]}",
            Options = type is InputType.RadioSelect ? [.. s_options.Select(value => new InputOption(value.DeepClone(), null, null))] : [],
            Collection = type is InputType.CollectionSelect ? new InputCollection.Secrets() : null,
            Filters = type is InputType.CollectionSelect ? [new FieldCondition("collection", "wanted")] : [],
            Minimum = kind is 0 ? -1 : null,
            Step = kind is 0 ? 0.25m : null,
            ShowIf = condition switch
            {
                2 => JsonNode.Parse("""{"!":[{"var":"in0"}]}"""),
                3 => JsonNode.Parse("""{"==":[{"var":"in0"},true]}"""),
                _ => null,
            },
            ShowIfAll = condition == 1 ? [new FieldCondition("in0", true)] : [],
        };
        return kind == 1 ? field with { InitialValue = isArray ? new JsonArray(One(field, 1, items)) : One(field, 1, items) } : field;
    }

    private static JsonNode? Answer(InputField field, int n, IReadOnlyList<Guid> items) => field switch
    {
        { IsArray: true } when n > 0 || field.Required =>
            new JsonArray([.. Enumerable.Range(0, 1 + (n % 3)).Select(i => One(field, (n + i) % 6, items))]),
        { IsArray: false, Type: InputType.Checkbox } => One(field, n, items),
        _ when n == 0 && !field.Required => null,
        { Type: InputType.Text, Sensitive: false, IsArray: false } when field.Required => One(field, Math.Max(n, 1), items),
        _ => One(field, n, items),
    };

    private static JsonNode One(InputField field, int n, IReadOnlyList<Guid> items) => (field.Type, field.Sensitive) switch
    {
        (InputType.Text, true) => $"{Canary}-{n}",
        (InputType.Text, _) => s_texts[n],
        (InputType.Number, true) => Sensitive + n,
        (InputType.Number, _) => field.Step is not null && n == 5 ? 99.75m : s_numbers[n],
        (InputType.Checkbox, _) => n % 2 == 1,
        (InputType.RadioSelect, _) => s_options[n].DeepClone(),
        (InputType.CollectionSelect, _) => items[n % items.Count].ToString(),
        _ => new JsonObject
        {
            ["run_days"] = string.Join(',', Enumerable.Range(0, 7).Where(day => n > 0 && (day + n) % 3 == 0)),
            ["schedule"] = $"0{n}:{n}0",
        },
    };
}
