using System.Text.Json.Nodes;
using CsCheck;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Values;

public sealed class SensitiveInputsPropertyTests
{
    private const int Times = 200;

    private static readonly string[] s_ids = ["a", "b.c", "d/e", "é", ""];

    /// <summary>Every text and number begins with what nothing else holds.</summary>
    private static readonly Gen<JsonNode?> s_scalar = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 8].Select(text => (JsonNode?)JsonValue.Create($"canary{text}")),
        Gen.Int[0, 1000].Select(number => (JsonNode?)JsonValue.Create(770_077_000_000 + number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)));

    private static readonly Gen<JsonNode?> s_value = Gen.Recursive<JsonNode?>((depth, inner) => depth > 2
        ? s_scalar
        : Gen.Frequency(
            (3, s_scalar),
            (1, inner.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())]))),
            (1, Gen.Select(Gen.OneOf(Gen.Const("x"), Gen.Const("y")), inner, (key, value) =>
                (JsonNode?)new JsonObject { [key] = value?.DeepClone() }))));

    private static readonly Gen<(ValuesUi Ui, JsonObject Typed)> s_form =
        Gen.Select(Gen.Bool.Array[s_ids.Length], s_value.Array[s_ids.Length]).Select((sensitive, values) => (
            new ValuesUi([.. s_ids.Select((id, i) => Input(id, sensitive[i]))], [], []),
            new JsonObject(s_ids.Select((id, i) => KeyValuePair.Create(id, values[i])))));

    private readonly SensitiveInputs _sensitive = new(TestKeys.NewEnvelope());

    private readonly Guid _deployment = Guid.CreateVersion7();

    [Fact]
    public void What_is_sealed_opens_as_it_was() => s_form.Sample(
        form => JsonNode.DeepEquals(form.Typed, _sensitive.Open(_deployment, Seal(form.Ui, form.Typed)).Inputs),
        iter: Times);

    [Fact]
    public void No_plain_text_of_a_sensitive_input_is_left() => s_form.Sample(
        form =>
        {
            var ui = Everything(form.Ui);
            var stored = Seal(ui, form.Typed);
            return IsClean(stored) && IsClean(SensitiveInputs.Mask(stored))
                && !SensitiveInputs.Mask(new JsonArray(stored.DeepClone()))!.ToJsonString()
                    .Contains("$sealed", StringComparison.Ordinal);
        },
        iter: Times);

    [Fact]
    public void No_difference_tells_what_is_sealed() => Gen.Select(s_form, s_form).Sample(
        (before, after) =>
        {
            var (old, now) = (Seal(Everything(before.Ui), before.Typed), Seal(Everything(after.Ui), after.Typed));
            var delta = ConfigDiff.Between(old, now);
            return delta.Count == s_ids.Length && IsClean(delta) && IsClean(ConfigDiff.Between([], now))
                && !delta.ToJsonString().Contains("$sealed", StringComparison.Ordinal);
        },
        iter: Times);

    [Fact]
    public void Typing_everything_again_or_sending_the_masks_back_changes_nothing() => s_form.Sample(
        form =>
        {
            var stored = Seal(form.Ui, form.Typed);
            var masked = (JsonObject)SensitiveInputs.Mask(stored)!;
            return Seal(form.Ui, form.Typed, stored).ToJsonString() == stored.ToJsonString()
                && Seal(form.Ui, masked, stored).ToJsonString() == stored.ToJsonString();
        },
        iter: Times);

    private JsonObject Seal(ValuesUi ui, JsonObject typed, JsonObject? stored = null)
    {
        var result = _sensitive.Seal(ui, _deployment, typed, stored);
        Assert.Empty(result.Errors);
        return result.Inputs;
    }

    private static ValuesUi Everything(ValuesUi ui) =>
        ui with { Inputs = [.. ui.Inputs.Select(input => input with { Sensitive = true })] };

    private static bool IsClean(JsonNode? node) =>
        node!.ToJsonString() is var json && !json.Contains("canary", StringComparison.Ordinal)
        && !json.Contains("770077", StringComparison.Ordinal);

    private static InputField Input(string id, bool sensitive) =>
        new() { Id = id, Type = InputType.Text, Label = id, Sensitive = sensitive };
}
