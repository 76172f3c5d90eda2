namespace Platz.Tests.Core.Charts.Extensions;

public sealed class BrokenValuesUiTests
{
    private const string File = "platz/values-ui.yaml";
    private const string Types = "Text, Number, CollectionSelect, RadioSelect, DaysAndHour, Checkbox";

    [Theory]
    [InlineData("", "line 1: The file is empty.")]
    [InlineData("# nothing\n", "line 1: The file is empty.")]
    [InlineData("- a", "line 1: The form must be a mapping, not a list.")]
    [InlineData("inputs: []", "line 1: \"apiVersion\" is missing.")]
    [InlineData("apiVersion: platz.io/v1\nkind: ValuesUi\ninputs: []",
        "line 1: apiVersion \"platz.io/v1\" is not known. Known are platz.io/v1beta1.")]
    [InlineData("apiVersion: platz.io/v1beta1\ninputs: []", "line 1: \"kind\" is missing.")]
    [InlineData("apiVersion: platz.io/v1beta1\nkind: Features\ninputs: []",
        "line 2: kind \"Features\" must be ValuesUi here.")]
    [InlineData("apiVersion: platz.io/v1beta1\nkind: ValuesUi\ninput: []",
        "line 3: \"input\" is not known here. Known are apiVersion, kind, inputs, outputs.")]
    [InlineData("apiVersion: platz.io/v1beta1\nkind: ValuesUi", "line 1: \"inputs\" is missing.")]
    [InlineData("apiVersion: platz.io/v1beta1\nkind: ValuesUi\ninputs: {}",
        "line 3: \"inputs\" must be a list, not a mapping.")]
    public void A_wrong_head_is_said_with_its_line(string yaml, string reason) =>
        Assert.Equal($"{File}, {reason}", Schemas.Broken(() => Schemas.Form(yaml)));

    [Theory]
    [InlineData("- text", "Each item of \"inputs\" must be a mapping, not text.")]
    [InlineData("- { type: text, label: A }", "\"id\" is missing.")]
    [InlineData("- { id: '', type: text, label: A }", "\"id\" is empty.")]
    [InlineData("- { id: 7, type: text, label: A }", "\"id\" must be text, not a number.")]
    [InlineData("- { id: a, label: A }", "\"type\" is missing.")]
    [InlineData("- { id: a, type: text }", "\"label\" is missing.")]
    [InlineData("- { id: a, type: text, label: [A] }", "\"label\" must be text, not a list.")]
    [InlineData("- { id: a, type: txt, label: A }", $"The type \"txt\" is not known. Known are {Types} and array.")]
    [InlineData("- { id: a, type: '0', label: A }", $"The type \"0\" is not known. Known are {Types} and array.")]
    [InlineData("- { id: a, type: array, label: A }", "\"itemType\" is missing.")]
    [InlineData("- { id: a, type: array, itemType: array, label: A }",
        $"The type \"array\" is not known. Known are {Types}.")]
    [InlineData("- { id: a, type: text, label: A, required: 'yes' }",
        "\"required\" must be true or false, not text.")]
    [InlineData("- { id: a, type: RadioSelect, label: A }", "A RadioSelect needs \"options\".")]
    [InlineData("- { id: a, type: RadioSelect, label: A, options: [] }", "A RadioSelect needs \"options\".")]
    [InlineData("- { id: a, type: RadioSelect, label: A, options: [{ label: X }] }", "\"value\" is missing.")]
    [InlineData("- { id: a, type: CollectionSelect, label: A }", "\"collection\" is missing.")]
    [InlineData("- { id: a, type: CollectionSelect, label: A, collection: { type: x } }",
        "\"deployment\" is missing.")]
    [InlineData("- { id: a, type: CollectionSelect, label: A, collection: [x] }",
        "\"collection\" must be text, not a list.")]
    [InlineData("- { id: a, type: number, label: A, minimum: 2, maximum: '1.5' }",
        "\"minimum\" 2 is greater than \"maximum\" 1.5.")]
    [InlineData("- { id: a, type: number, label: A, minimum: few }", "\"minimum\" must be a number, not \"few\".")]
    [InlineData("- { id: a, type: number, label: A, maximum: true }",
        "\"maximum\" must be a number, not true or false.")]
    [InlineData("- { id: a, type: number, label: A, maximum: 1e40 }", "\"maximum\" is too large.")]
    [InlineData("- { id: a, type: number, label: A, step: 0 }", "\"step\" must be greater than 0.")]
    [InlineData("- { id: a, type: text, label: A, showIfAll: [{ field: b, value: 1 }] }",
        "There is no input \"b\".")]
    [InlineData("- { id: a, type: text, label: A, showIfAll: [{ field: a }] }", "\"value\" is missing.")]
    [InlineData("- { id: a, type: text, label: A, filters: [{ value: a }] }", "\"field\" is missing.")]
    public void A_wrong_input_is_said_with_its_line(string yaml, string reason) =>
        Assert.Equal($"{File}, line 4: {reason}", Schemas.Broken(() => Schemas.Inputs(yaml)));

    [Theory]
    [InlineData("text", "5", "\"initialValue\" must be text, not a number.")]
    [InlineData("CollectionSelect, collection: secrets", "true", "\"initialValue\" must be text, not true or false.")]
    [InlineData("number", "'5'", "\"initialValue\" must be a number, not text.")]
    [InlineData("number", "[5]", "\"initialValue\" must be a number, not a list.")]
    [InlineData("Checkbox", "'true'", "\"initialValue\" must be true or false, not text.")]
    [InlineData("DaysAndHour", "'0,3'", "\"initialValue\" must be a mapping, not text.")]
    [InlineData("DaysAndHour", "{ run_days: '7' }",
        "\"initialValue\": \"run_days\" must be days from 0 (Sunday) to 6: \"0,3\".")]
    [InlineData("DaysAndHour", "{ schedule: '24:00' }",
        "\"initialValue\": \"schedule\" must be an hour and minute (UTC): \"23:15\".")]
    [InlineData("RadioSelect, options: [{ value: 1 }]", "'1'", "\"initialValue\" is none of the options.")]
    [InlineData("array, itemType: text", "a", "\"initialValue\" must be a list, not text.")]
    [InlineData("array, itemType: text", "[a, 1]", "Each item of \"initialValue\" must be text, not a number.")]
    public void An_initial_value_of_another_type_is_refused(string type, string value, string reason) => Assert.Equal(
        $"{File}, line 4: {reason}",
        Schemas.Broken(() => Schemas.Inputs($"- {{ id: a, type: {type}, label: A, initialValue: {value} }}")));

    [Theory]
    [InlineData("outputs: {}", "\"values\" is missing.")]
    [InlineData("outputs: { values: [{ path: [x] }] }", "\"value\" is missing.")]
    [InlineData("outputs: { values: [{ path: [], value: { FieldValue: { input: a } } }] }", "\"path\" is empty.")]
    [InlineData("outputs: { values: [{ path: [0], value: { FieldValue: { input: a } } }] }",
        "Each step of \"path\" must be text, not a number.")]
    [InlineData("outputs: { values: [{ path: [x], value: { FieldValue: { input: b } } }] }",
        "There is no input \"b\".")]
    [InlineData("outputs: { values: [{ path: [x], value: {} }] }",
        "Either FieldValue or FieldProperty is needed here.")]
    [InlineData("outputs: { values: [{ path: [x], value: { Field: { input: a } } }] }",
        "\"Field\" is not known here. Known are FieldValue, FieldProperty.")]
    [InlineData("outputs: { values: [{ path: [x], value: { FieldProperty: { input: a, property: name } } }] }",
        "FieldProperty needs a CollectionSelect; the input \"a\" is none.")]
    [InlineData("outputs: { values: [{ path: [x], value: { FieldProperty: { input: c } } }] }",
        "\"property\" is missing.")]
    [InlineData("outputs: { values: [], secrets: { s: { k: { FieldValue: { input: b } } } } }",
        "There is no input \"b\".")]
    public void A_wrong_output_is_said_with_its_line(string outputs, string reason) => Assert.Equal(
        $"{File}, line 6: {reason}",
        Schemas.Broken(() => Schemas.Inputs($$"""
            - { id: a, type: text, label: A }
            - { id: c, type: CollectionSelect, collection: secrets, label: C }
            {{outputs}}
            """)));

    [Fact]
    public void An_id_that_is_there_twice_is_refused_at_the_second() => Assert.Equal(
        $"{File}, line 7: The input \"a\" is there twice.",
        Schemas.Broken(() => Schemas.Inputs("""
            - id: a
              type: text
              label: A
            - id: a
              type: text
              label: B
            """)));

    [Fact]
    public void The_line_is_that_of_the_value() => Assert.Equal(
        $"{File}, line 7: There is no input \"nobody\".",
        Schemas.Broken(() => Schemas.Inputs("""
            - { id: a, type: text, label: A }
            outputs:
              values:
                - { path: [x], value: { FieldValue: { input: nobody } } }
            """)));

    [Fact]
    public void Five_hundred_inputs_are_accepted_and_no_more()
    {
        Assert.Equal(500, Schemas.Inputs(Many(500)).ValuesUi!.Inputs.Count);
        Assert.Equal($"{File}, line 4: There are 501 inputs; at most 500 are accepted.",
            Schemas.Broken(() => Schemas.Inputs(Many(501))));

        static string Many(int count) => string.Join('\n',
            Enumerable.Range(0, count).Select(i => $"- {{ id: i{i}, type: text, label: A }}"));
    }

    [Fact]
    public void A_condition_is_nested_32_levels_at_most()
    {
        Assert.NotNull(Schemas.Inputs(Nested(32)).ValuesUi);
        Assert.Equal($"{File}, line 4: \"showIf\" is nested more than 32 levels deep.",
            Schemas.Broken(() => Schemas.Inputs(Nested(33))));

        static string Nested(int depth) => "- { id: a, type: text, label: A, showIf: "
            + new string('[', depth) + new string(']', depth) + " }";
    }
}
