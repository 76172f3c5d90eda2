using System.Text.Json.Nodes;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;
using Platz.Web.Inputs;

namespace Platz.Tests.Web.Inputs;

public sealed class ListAndSecretTests : BunitContext
{
    private static readonly JsonObject s_sealed = new() { ["x"] = new JsonObject { ["$sealed"] = "c2VjcmV0" } };

    public ListAndSecretTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(new Collections(null!, null!, null!));
    }

    [Fact]
    public void Items_are_added_moved_and_removed_and_keep_their_fields()
    {
        var (form, draft) = Open(Tags, new JsonObject { ["x"] = new JsonArray("a", "b") });
        var second = form.FindAll("input")[1].Id;

        form.Find("[aria-label='Move Tags 2 up']").Click();
        Assert.Equal("""{"x":["b","a"]}""", draft.ToInputs().ToJsonString());
        Assert.Equal(second, form.FindAll("input")[0].Id);

        form.FindAll("button").Single(b => b.TextContent.Trim() == "Add Tags").Click();
        form.FindAll("input")[2].Change("c");
        form.Find("[aria-label='Remove Tags 1']").Click();
        Assert.Equal("""{"x":["a","c"]}""", draft.ToInputs().ToJsonString());
        Assert.Equal(["Tags 1", "Tags 2"], form.FindAll("input").Select(i => i.GetAttribute("aria-label")));
    }

    [Fact]
    public void A_new_item_is_not_judged_before_one_typed_and_the_wrong_one_is_marked()
    {
        var (form, draft) = Open(Tags with { Type = InputType.Number }, new JsonObject { ["x"] = new JsonArray(1) });
        form.FindAll("button").Single(b => b.TextContent.Trim() == "Add Tags").Click();
        Assert.Equal("", form.Find(".field-error").TextContent);

        form.FindAll("input")[1].Change("many");

        Assert.Equal("Item 2: This must be a number.", form.Find(".field-error").TextContent);
        Assert.Equal(["false", "true"], form.FindAll("input").Select(i => i.GetAttribute("aria-invalid")));
        Assert.Equal("many", form.FindAll("input")[1].GetAttribute("value"));
        Assert.False(draft.Check());
    }

    [Fact]
    public void A_stored_secret_is_not_in_the_page_and_stays_when_nothing_is_typed()
    {
        var (form, draft) = Open(Password, s_sealed);

        Assert.Contains("stored; type to replace", form.Find("input").GetAttribute("placeholder"), StringComparison.Ordinal);
        Assert.Equal("password", form.Find("input").GetAttribute("type"));
        Assert.DoesNotContain("c2VjcmV0", form.Markup, StringComparison.Ordinal);
        form.Find("input").Change("");

        Assert.Equal("""{"x":{"$sensitive":true}}""", draft.ToInputs().ToJsonString());
        Assert.False(draft.IsTouched);
    }

    [Fact]
    public void A_stored_secret_is_replaced_kept_after_all_or_cleared()
    {
        var (form, draft) = Open(Password, s_sealed);

        form.Find("input").Change("new");
        Assert.Equal("""{"x":"new"}""", draft.ToInputs().ToJsonString());

        form.Find("input").Change("");
        Assert.Equal("""{"x":{"$sensitive":true}}""", draft.ToInputs().ToJsonString());

        form.Find("[aria-label='Clear Password']").Click();
        Assert.Equal("{}", draft.ToInputs().ToJsonString());
        Assert.Contains("The stored value will be removed.", form.Markup, StringComparison.Ordinal);

        form.Find("[aria-label='Keep the stored Password']").Click();
        Assert.False(draft.IsTouched);
    }

    [Fact]
    public void A_needed_secret_cannot_be_cleared()
    {
        var (form, _) = Open(Password with { Required = true }, s_sealed);

        Assert.Empty(form.FindAll("button"));
    }

    [Theory]
    [InlineData(InputType.Text, true)]
    [InlineData(InputType.Number, false)]
    [InlineData(InputType.DaysAndHour, false)]
    public void A_stored_secret_of_another_type_is_replaced_on_request(InputType type, bool isArray)
    {
        var (form, draft) = Open(Password with { Type = type, IsArray = isArray }, s_sealed);
        Assert.Empty(form.FindAll("input"));

        form.Find("[aria-label='Replace Password']").Click();
        Assert.True(draft.IsTouched);

        form.FindAll("button").Single(b => b.TextContent.Trim() == "Keep the stored Password").Click();
        Assert.False(draft.IsTouched);
    }

    private static InputField Tags => new() { Id = "x", Type = InputType.Text, IsArray = true, Label = "Tags" };

    private static InputField Password => new() { Id = "x", Type = InputType.Text, Sensitive = true, Label = "Password" };

    private (IRenderedComponent<InputForm> Form, InputDraft Draft) Open(InputField field, JsonObject stored)
    {
        var draft = InputDraft.Of(new ValuesUi([field], [], []), stored);
        return (Render<InputForm>(p => p.Add(f => f.Draft, draft).Add(f => f.EnvId, Guid.Empty)), draft);
    }
}
