using System.Text.Json.Nodes;
using CsCheck;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;
using static Platz.Tests.Core.Values.ValuesRequests;

namespace Platz.Tests.Core.Values;

public sealed class HiddenInputTests
{
    private const int Inputs = 5;

    private static readonly Gen<int> s_input = Gen.Int[0, Inputs - 1];

    /// <summary>Shown always, on a condition of another input, or by a rule over two.</summary>
    private static readonly Gen<Func<InputField, InputField>> s_condition =
        Gen.Select(Gen.Int[0, 4], s_input, s_input, Gen.Bool, Condition);

    private static readonly Gen<InputField> s_shape = Gen.Select(
        s_condition, Gen.Bool, Gen.Bool, (condition, sensitive, list) =>
            condition(Field("?") with { Sensitive = sensitive, IsArray = list }));

    private static readonly Gen<ValueOutput> s_output = Gen.Select(
        Gen.OneOf<string>("a", "b", "ingress"), Gen.OneOf<string>("[+]", "[3]", "k", ""), s_input, Gen.Int[0, 99],
        (key, item, input, number) => new ValueOutput(
            item.Length == 0 ? [$"{key}{number}"] : [$"{key}-{item}", item == "k" ? $"k{number}" : item], Of(input)));

    private static readonly Gen<SecretOutput> s_secret = s_input.Array[0, 3].Select(inputs => new SecretOutput(
        "s", inputs.Distinct().ToDictionary(i => $"k{i}", Of)));

    private static readonly Gen<ValuesUi> s_form = Gen.Select(
        s_shape.Array[Inputs], s_output.Array[0, 8], s_secret.Array[0, 2], (shapes, values, secrets) =>
            new ValuesUi([.. shapes.Select((shape, i) => shape with { Id = $"i{i}" })], values, secrets));

    [Fact]
    public void The_value_of_a_hidden_input_reaches_neither_values_nor_secrets()
    {
        var (hidden, shown) = (0, 0);
        Gen.Select(s_form, Gen.Bool.Array[Inputs], (form, given) => (form, given)).Sample(
            sample =>
            {
                var inputs = Typed(sample.form, sample.given);
                var built = ChartValues.Build(ValuesRequests.Of(sample.form) with { Inputs = inputs });
                var reached = built.Values.ToJsonString()
                    + string.Concat(built.Secrets.SelectMany(secret => secret.Data.Values));
                foreach (var input in sample.form.Inputs)
                {
                    var seen = reached.Contains(Mark(input.Id), StringComparison.Ordinal);
                    var visible = input.IsVisible(inputs);
                    Assert.False(seen && !visible, $"{input.Id} in {reached}");
                    Interlocked.Add(ref hidden, visible || !inputs.ContainsKey(input.Id) ? 0 : 1);
                    Interlocked.Add(ref shown, seen ? 1 : 0);
                }
            },
            iter: 500);

        Assert.True(hidden > 100 && shown > 100, $"{hidden} hidden, {shown} shown: the sample proves nothing");
    }

    private static Func<InputField, InputField> Condition(int kind, int one, int other, bool wanted) => kind switch
    {
        0 => input => input with { ShowIfAll = [new FieldCondition($"i{one}", wanted ? Mark($"i{one}") : "else")] },
        1 => Rule($$"""{"==":[{"var":"i{{one}}"},"{{Mark($"i{other}")}}"]}"""),
        2 => Rule($$"""{"!!":[{"var":"i{{one}}"}]}"""),
        3 => Rule(wanted ? "\"yes\"" : """{"nonsense":[1]}"""),
        _ => input => input,
    };

    private static Func<InputField, InputField> Rule(string json) =>
        input => input with { ShowIf = JsonNode.Parse(json) };

    private static JsonObject Typed(ValuesUi form, bool[] given) => new(form.Inputs
        .Where((_, i) => given[i])
        .Select(input => KeyValuePair.Create(input.Id, (JsonNode?)(input.IsArray
            ? new JsonArray(Mark(input.Id))
            : JsonValue.Create(Mark(input.Id))))));

    private static string Mark(string id) => $"typed-in-{id}-";

    private static InputReference Of(int input) => new($"i{input}", null);
}
