using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;
using Platz.Web.Inputs;

namespace Platz.Tests.Web.Inputs;

/// <summary>One form with one input; no collection is read.</summary>
public sealed class InputFormTests : BunitContext
{
    public InputFormTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(new Collections(null!, null!, null!));
    }

    [Fact]
    public void A_text_is_typed_and_its_help_and_error_are_told_with_it()
    {
        var (form, draft) = Open(Field(InputType.Text, required: true, help: "Stands above the page."));
        var text = form.Find("input");
        Assert.Equal("Stands above the page.", Described(form, text)[0]);

        text.Change("");
        Assert.Equal("This is needed.", Described(form, form.Find("input"))[1]);
        Assert.Equal("true", form.Find("input").GetAttribute("aria-invalid"));
        Assert.Equal("true", form.Find("input").GetAttribute("aria-required"));

        form.Find("input").Change("shop");
        Assert.Equal("shop", draft.Values["x"]!.GetValue<string>());
        Assert.Equal("", Described(form, form.Find("input"))[1]);
    }

    [Fact]
    public void Two_forms_of_the_same_chart_share_no_id()
    {
        var ui = new ValuesUi([Field(InputType.Text), Field(InputType.RadioSelect) with { Id = "y", Options = Options(1) }], [], []);
        IRenderedComponent<InputForm>[] forms =
        [
            Render<InputForm>(p => p.Add(f => f.Draft, InputDraft.New(ui)).Add(f => f.EnvId, Guid.Empty)),
            Render<InputForm>(p => p.Add(f => f.Draft, InputDraft.New(ui)).Add(f => f.EnvId, Guid.Empty)),
        ];

        var ids = forms.SelectMany(form => form.FindAll("[id]")).Select(e => e.Id).ToList();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Distinct().Count(), ids.Count);
    }

    [Theory]
    [InlineData("7", "This must be 5 or less.")]
    [InlineData("1.25", "This must be a multiple of 0.5.")]
    [InlineData("two", "This must be a number.")]
    [InlineData("-", "This must be a number.")]
    [InlineData("2.50", "")]
    public void A_number_keeps_what_was_typed_and_says_what_is_wrong_with_it(string typed, string error)
    {
        var field = Field(InputType.Number) with { Minimum = 0, Maximum = 5, Step = 0.5m };
        var (form, draft) = Open(field);
        Assert.Equal("0 to 5, in steps of 0.5", Described(form, form.Find("input"))[0]);

        form.Find("input").Change(typed);

        Assert.Equal(typed, form.Find("input").GetAttribute("value"));
        Assert.Equal(error, Described(form, form.Find("input"))[1]);
        Assert.Equal(error.Length == 0, draft.Check());
    }

    [Fact]
    public void A_number_is_stored_as_a_number_and_emptied_as_nothing()
    {
        var (form, draft) = Open(Field(InputType.Number));

        form.Find("input").Change("0");
        Assert.Equal("""{"x":0}""", draft.ToInputs().ToJsonString());

        form.Find("input").Change("");
        Assert.Equal("{}", draft.ToInputs().ToJsonString());
    }

    [Fact]
    public void A_stored_false_is_off_whatever_the_chart_begins_with()
    {
        var (form, draft) = Open(
            Field(InputType.Checkbox, help: "Be careful.") with { InitialValue = true }, new JsonObject { ["x"] = false });

        Assert.False(form.Find("input").HasAttribute("checked"));
        Assert.Contains("Be careful.", form.Markup, StringComparison.Ordinal);
        form.Find("input").Change(true);
        Assert.Equal("""{"x":true}""", draft.ToInputs().ToJsonString());
    }

    [Fact]
    public void A_radio_stores_the_value_of_its_option_and_an_optional_one_can_be_undone()
    {
        var field = Field(InputType.RadioSelect) with
        {
            Options = [new InputOption(64, "Small", "64 MiB"), new InputOption(256, null, null)],
        };
        var (form, draft) = Open(field);
        Assert.Equal("64 MiB", Described(form, form.FindAll("input")[0])[0]);
        Assert.Contains("256", form.FindAll(".radio")[1].TextContent, StringComparison.Ordinal);

        form.FindAll("input")[1].Change("on");
        Assert.Equal("""{"x":256}""", draft.ToInputs().ToJsonString());
        Assert.True(form.FindAll("input")[1].HasAttribute("checked"));

        form.Find("button").Click();
        Assert.Equal("{}", draft.ToInputs().ToJsonString());
    }

    [Fact]
    public void An_option_that_is_no_longer_offered_is_said()
    {
        var field = Field(InputType.RadioSelect, required: true) with { Options = Options(1, 2) };
        var (form, draft) = Open(field, new JsonObject { ["x"] = 9 });

        Assert.Contains("which this version does not offer", form.Markup, StringComparison.Ordinal);
        Assert.False(draft.Check());
    }

    [Fact]
    public void Days_are_stored_in_order_and_the_hour_is_UTC()
    {
        var (form, draft) = Open(Field(InputType.DaysAndHour));

        form.Find("[aria-label=Wednesday]").Change(true);
        form.Find("[aria-label=Sunday]").Change(true);
        form.Find("input[type=time]").Change("23:15:00"); // as Blazor sends it

        Assert.Contains("UTC", form.Markup, StringComparison.Ordinal);
        Assert.Equal("""{"x":{"run_days":"0,3","schedule":"23:15"}}""", draft.ToInputs().ToJsonString());
        form.Find("input[type=time]").Change("");
        Assert.Equal("The hour must be from 00:00 to 23:59 (UTC).", form.Find(".field-error").TextContent);
    }

    [Fact]
    public void An_input_appears_and_goes_while_one_types()
    {
        var debug = Field(InputType.Checkbox) with { Id = "debug", Label = "Debugging" };
        var level = Field(InputType.Text, required: true) with
        {
            ShowIf = JsonNode.Parse("""{"==":[{"var":"debug"},true]}"""),
        };
        var draft = InputDraft.New(new ValuesUi([debug, level], [], []));
        var form = Render<InputForm>(p => p.Add(f => f.Draft, draft).Add(f => f.EnvId, Guid.Empty));
        Assert.Empty(form.FindAll("input[type=text]"));
        Assert.True(draft.Check());

        form.Find("[role=switch]").Change(true);
        form.Find("input[type=text]").Change("trace");
        form.Find("[role=switch]").Change(false);
        form.Find("[role=switch]").Change(true);

        Assert.Equal("trace", form.Find("input[type=text]").GetAttribute("value"));
    }

    private static InputField Field(InputType type, bool required = false, string? help = null) =>
        new() { Id = "x", Type = type, Label = "X", Required = required, HelpText = help };

    private static InputOption[] Options(params int[] values) => [.. values.Select(v => new InputOption(v, null, null))];

    private (IRenderedComponent<InputForm> Form, InputDraft Draft) Open(InputField field, JsonObject? stored = null)
    {
        var ui = new ValuesUi([field], [], []);
        var draft = stored is null ? InputDraft.New(ui) : InputDraft.Of(ui, stored);
        return (Render<InputForm>(p => p.Add(f => f.Draft, draft).Add(f => f.EnvId, Guid.Empty)), draft);
    }

    private static List<string> Described(IRenderedComponent<InputForm> form, IElement field) =>
        [.. field.GetAttribute("aria-describedby")!.Split(' ').Select(id => form.Find($"#{id}").TextContent)];
}
