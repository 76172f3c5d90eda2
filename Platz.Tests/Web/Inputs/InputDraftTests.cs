using System.Text.Json.Nodes;
using CsCheck;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;
using Platz.Web.Inputs;

namespace Platz.Tests.Web.Inputs;

public sealed class InputDraftTests
{
    private static readonly InputField s_title =
        new() { Id = "title", Type = InputType.Text, Label = "Title", Required = true, InitialValue = "shop" };

    private static readonly InputField s_debug = new()
    {
        Id = "debug",
        Type = InputType.Checkbox,
        Label = "Debugging",
        InitialValue = true,
    };

    private static readonly InputField s_level = new()
    {
        Id = "level",
        Type = InputType.Number,
        Label = "Level",
        Required = true,
        ShowIfAll = [new FieldCondition("debug", true)],
    };

    private static readonly ValuesUi s_ui = new([s_title, s_debug, s_level], [], []);

    [Fact]
    public void A_new_form_has_the_initial_values_and_no_other_form_has_them()
    {
        var first = InputDraft.New(s_ui);
        first.Set(s_title, "typed before");

        AssertJson("""{"title":"shop","debug":true}""", InputDraft.New(s_ui).ToInputs());
        AssertJson("{}", InputDraft.Of(s_ui, []).ToInputs());
    }

    [Theory]
    [InlineData("""{"title":"","debug":false,"level":0}""")]
    [InlineData("""{"debug":false}""")]
    [InlineData("{}")]
    public void What_is_stored_stays_however_empty_it_is(string stored)
    {
        var draft = InputDraft.Of(s_ui, JsonNode.Parse(stored)!.AsObject());

        AssertJson(stored, draft.ToInputs());
        Assert.False(draft.IsTouched);
    }

    [Fact]
    public void What_is_stored_comes_back_as_it_was_from_any_form() =>
        GeneratedForms.Stored.Sample(
            given => JsonNode.DeepEquals(
                SealedJson.MaskInputs(given.Stored), InputDraft.Of(given.Ui, given.Stored).ToInputs()),
            iter: 200, print: given => given.Stored.ToJsonString());

    [Fact]
    public void A_hidden_input_keeps_what_was_typed_and_is_no_error()
    {
        var draft = InputDraft.New(s_ui);
        draft.Set(s_level, "seven");
        Assert.Equal("This must be a number.", draft.Error("level"));
        Assert.False(draft.Check());

        draft.Set(s_debug, false);
        Assert.False(draft.IsVisible(s_level));
        Assert.True(draft.Check());

        draft.Set(s_debug, true);
        Assert.Equal("seven", draft.Values["level"]!.GetValue<string>());
        Assert.False(draft.Check());
    }

    [Fact]
    public void Another_version_keeps_the_same_ids_and_what_it_lacks_waits_for_the_way_back()
    {
        var added = new InputField { Id = "port", Type = InputType.Number, Label = "Port", InitialValue = 80 };
        var draft = InputDraft.Of(s_ui, new JsonObject { ["title"] = "kept", ["debug"] = false });

        draft.SwitchTo(new ValuesUi([s_title, added], [], []));
        AssertJson("""{"title":"kept","port":80}""", draft.ToInputs());

        draft.SwitchTo(s_ui);
        AssertJson("""{"title":"kept","debug":false}""", draft.ToInputs());
    }

    [Fact]
    public void An_input_left_out_of_what_is_stored_gets_no_initial_value_from_another_version()
    {
        var draft = InputDraft.Of(s_ui, []);
        draft.SwitchTo(new ValuesUi([.. s_ui.Inputs], [], []));

        AssertJson("{}", draft.ToInputs());
    }

    [Fact]
    public void A_refusal_of_the_server_stands_at_its_input_until_one_types()
    {
        var draft = InputDraft.New(s_ui);

        var others = draft.Refuse([new("config.title", "Taken."), new("config.gone", "What?"), new("name", "No.")]);

        Assert.Equal("Taken.", draft.Error("title"));
        Assert.Equal(["config.gone", "name"], others.Select(e => e.Field));
        draft.Set(s_title, "shop"); // the field was left, nothing typed
        Assert.Equal("Taken.", draft.Error("title"));
        draft.Set(s_title, "other");
        Assert.Null(draft.Error("title"));
    }

    [Fact]
    public void A_text_emptied_again_is_as_if_never_typed_but_a_stored_one_becomes_empty()
    {
        var note = new InputField { Id = "note", Type = InputType.Text, Label = "Note" };
        var ui = new ValuesUi([note], [], []);
        var (fresh, stored) = (InputDraft.Of(ui, []), InputDraft.Of(ui, new JsonObject { ["note"] = "a" }));
        fresh.Set(note, "b");

        fresh.Set(note, "");
        stored.Set(note, "");

        AssertJson("{}", fresh.ToInputs());
        AssertJson("""{"note":""}""", stored.ToInputs());
    }

    [Fact]
    public void An_initial_text_made_empty_stays_empty_in_the_form_of_another_chart_too()
    {
        var draft = InputDraft.Of(ValuesUi.Empty, []);
        draft.SwitchTo(s_ui);
        Assert.False(draft.IsTouched);

        draft.Set(s_title, "");

        AssertJson("""{"title":"","debug":true}""", draft.ToInputs());
    }

    [Fact]
    public void The_empty_text_is_a_choice_where_the_chart_offers_it()
    {
        var zone = new InputField
        {
            Id = "zone",
            Type = InputType.RadioSelect,
            Label = "Zone",
            Required = true,
            Options = [new InputOption("", null, null), new InputOption("a", null, null)],
        };
        var draft = InputDraft.New(new ValuesUi([zone], [], []));
        Assert.False(draft.Check());

        draft.Set(zone, "");

        AssertJson("""{"zone":""}""", draft.ToInputs());
        Assert.True(draft.Check());
        Assert.Equal("(empty)", InputWords.Option(zone.Options[0]));
    }

    private static void AssertJson(string expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
