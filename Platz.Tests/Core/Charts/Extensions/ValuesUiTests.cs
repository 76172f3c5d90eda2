using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Core.Charts.Extensions;

public sealed class ValuesUiTests
{
    [Fact]
    public void A_whole_form_is_read()
    {
        var form = Schemas.Form(Everything.ValuesUi).ValuesUi!;

        Assert.Equal(
            ["motd", "replicas", "mode", "db", "creds", "hosts", "backup", "tls", "bucket", "legacy"],
            form.Inputs.Select(input => input.Id));
        var motd = form.Find("motd")!;
        Assert.Equal((InputType.Text, false, "Message", "Hello"),
            (motd.Type, motd.IsArray, motd.Label, motd.InitialValue!.GetValue<string>()));
        Assert.True(motd is { Required: true, Sensitive: false, HelpText: "Shown to everybody" });
        var replicas = form.Find("replicas")!;
        Assert.Equal((1m, 10.5m, 0.5m), (replicas.Minimum, replicas.Maximum, replicas.Step));
        Assert.Equal(["dev", "7", "null"], form.Find("mode")!.Options.Select(o => Schemas.Dump(o.Value).Trim('"')));
        Assert.IsType<InputCollection.Deployments>(form.Find("db")!.Collection);
        Assert.IsType<InputCollection.Secrets>(form.Find("creds")!.Collection);
        Assert.Equal("[FieldCondition(Field: \"collection\", Value: \"db-creds\")]",
            Schemas.Dump(form.Find("creds")!.Filters));
        Assert.True(form.Find("hosts") is { Type: InputType.Text, IsArray: true });
        Assert.Equal(InputType.DaysAndHour, form.Find("backup")!.Type);
        Assert.Equal("""{"==":[{"var":"mode"},"dev"]}""", form.Find("tls")!.ShowIf!.ToJsonString());
        Assert.Equal("[FieldCondition(Field: \"tls\", Value: true)]", Schemas.Dump(form.Find("bucket")!.ShowIfAll));
        Assert.Equal(new InputCollection.Resources("Storage", "bucket"), form.Find("bucket")!.Collection);
        Assert.Equal(new InputCollection.Resources(null, "queue"), form.Find("legacy")!.Collection);
    }

    [Fact]
    public void Its_outputs_are_read()
    {
        var form = Schemas.Form(Everything.ValuesUi).ValuesUi!;

        Assert.Equal(
            """
            [ValueOutput(Path: ["motd"], Value: InputReference(Input: "motd", Property: null)),
             ValueOutput(Path: ["env", "[+]", "value"], Value: InputReference(Input: "db", Property: "name"))]
            """.ReplaceLineEndings(""),
            Schemas.Dump(form.Values));
        Assert.Equal(
            """
            [SecretOutput(Name: "app", Keys: {motd: InputReference(Input: "motd", Property: null),
             pass: InputReference(Input: "creds", Property: "contents")})]
            """.ReplaceLineEndings(""),
            Schemas.Dump(form.Secrets));
    }

    [Fact]
    public void A_form_without_outputs_has_none()
    {
        var form = Schemas.Inputs("- { id: a, type: text, label: A }").ValuesUi!;

        Assert.Empty(form.Values);
        Assert.Empty(form.Secrets);
    }

    [Theory]
    [InlineData("TEXT", InputType.Text)]
    [InlineData("Number", InputType.Number)]
    [InlineData("checkbox", InputType.Checkbox)]
    [InlineData("daysandhour", InputType.DaysAndHour)]
    public void Names_of_types_may_be_in_any_case(string name, InputType type)
    {
        Assert.Equal(type, Schemas.Inputs($"- {{ id: a, type: {name}, label: A }}").ValuesUi!.Inputs[0].Type);
        Assert.Equal(type,
            Schemas.Inputs($"- {{ id: a, type: Array, itemType: {name}, label: A }}").ValuesUi!.Inputs[0].Type);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"1\"", "1")]
    [InlineData("0.1", "0.1")]
    [InlineData("'-2.50'", "-2.50")]
    [InlineData("1e3", "1000")]
    public void Limits_may_be_numbers_or_text(string yaml, string number) => Assert.Equal(number,
        Schemas.Dump(Schemas.Inputs($"- {{ id: a, type: number, label: A, minimum: {yaml} }}").ValuesUi!
            .Inputs[0].Minimum));

    [Theory]
    [InlineData("no", "\"no\"")]
    [InlineData("Yes", "\"Yes\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("true", "true")]
    [InlineData("0x10", "16")]
    [InlineData("0o17", "15")]
    [InlineData("010", "\"010\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("~", "null")]
    [InlineData("'~'", "\"~\"")]
    [InlineData("{ a: [1, b] }", """{"a":[1,"b"]}""")]
    public void Words_mean_what_they_mean_in_YAML_1_2(string yaml, string json) => Assert.Equal(json,
        Schemas.Dump(Schemas.Inputs(
            $"- {{ id: a, type: RadioSelect, label: A, options: [{{ value: {yaml} }}] }}").ValuesUi!
            .Inputs[0].Options[0].Value));

    [Theory]
    [InlineData("text", "hello")]
    [InlineData("text", "\"\"")]
    [InlineData("number", "0")]
    [InlineData("number", "-1.5")]
    [InlineData("Checkbox", "false")]
    [InlineData("DaysAndHour", "{ run_days: '0,3', schedule: '23:15' }")]
    [InlineData("DaysAndHour", "{ run_days: '' }")]
    [InlineData("array, itemType: number", "[1, 2]")]
    [InlineData("array, itemType: text", "[]")]
    public void An_initial_value_of_its_type_is_kept(string type, string value) => Assert.NotNull(
        Schemas.Inputs($"- {{ id: a, type: {type}, label: A, initialValue: {value} }}").ValuesUi!
            .Inputs[0].InitialValue);

    [Fact]
    public void Unknown_keys_of_an_input_do_no_harm() =>
        Assert.Single(Schemas.Inputs("- { id: a, type: text, label: A, placeholder: x }").ValuesUi!.Inputs);

    [Fact]
    public void A_condition_may_name_an_input_further_below() => Assert.Equal(2, Schemas.Inputs("""
        - { id: a, type: text, label: A, showIfAll: [{ field: b, value: true }] }
        - { id: b, type: Checkbox, label: B }
        """).ValuesUi!.Inputs.Count);

    [Fact]
    public void An_alias_repeats_what_it_names() => Assert.Equal("same", Schemas.Inputs("""
        - id: a
          type: text
          label: &words same
          helpText: *words
        """).ValuesUi!.Inputs[0].HelpText);

    [Fact]
    public void The_legacy_form_is_the_same_without_header()
    {
        var form = Schemas.Legacy(valuesUi: """
            {
              "inputs": [
                { "id": "a", "type": "CollectionSelect", "collection": "deployments", "label": "\ud83d\ude00 A" }
              ],
              "outputs": { "values": [{ "path": ["a"], "value": { "FieldProperty": { "input": "a", "property": "name" } } }] }
            }
            """).ValuesUi!;

        Assert.Equal("😀 A", form.Inputs[0].Label);
        Assert.Equal("name", form.Values[0].Value.Property);
    }

    [Fact]
    public void No_files_are_no_form_and_the_usual_features() =>
        Assert.Equal(Schemas.Dump(ChartSchema.None), Schemas.Dump(Schemas.Read()));
}
