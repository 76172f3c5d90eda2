using System.Globalization;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Bunit;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Core.Values;
using Platz.Tests.Support;
using Platz.Web.Deployments;
using InputType = Platz.Core.Charts.Extensions.InputType;

namespace Platz.Tests.Web.Deployments;

public sealed class ChartActionsTests(PostgresServer postgres) : PageTest(postgres)
{
    private static readonly ValuesUi s_form = new(
        [
            new InputField { Id = "depth", Type = InputType.Number, Label = "Depth", Required = true, Maximum = 5 },
            new InputField { Id = "token", Type = InputType.Text, Label = "Token", Sensitive = true },
        ],
        [], []);

    private Deployment _deployment = null!;
    private IRenderedComponent<MudPopoverProvider> _popover = null!;
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _deployment = await AddDeploymentAsync();
        await using (var db = await DbAsync())
        {
            var chart = await db.Charts.SingleAsync(c => c.Id == Chart.Id, Cancel);
            ChartSchemaJson.Write(chart, new ChartSchema(
                null,
                [
                    Action("reindex", "Reindex", ActionRole.Maintainer),
                    Action("wipe", "Wipe all", ActionRole.Owner) with { Dangerous = true },
                    Action("ask", "Ask", ActionRole.Maintainer) with { Form = s_form },
                    Action("drain", "Drain", ActionRole.Maintainer) with { AllowedOnStatuses = ["Ready"] },
                ],
                new ChartFeatures { Ingress = true }, []));
            await db.SaveChangesAsync(Cancel);
        }

        _popover = Page.Render<MudPopoverProvider>();
        _dialogs = Page.Render<MudDialogProvider>();
    }

    [Theory]
    [InlineData(Standing.Maintainer, "reindex", "ask", "drain")]
    [InlineData(Standing.Owner, "reindex", "wipe", "ask", "drain")]
    public void The_menu_has_what_the_role_allows(Standing standing, params string[] ids)
    {
        Open(standing);

        Assert.Equal(ids, _popover.FindAll("[data-action]").Select(item => item.GetAttribute("data-action")));
    }

    [Fact]
    public void Who_may_invoke_none_sees_no_menu()
    {
        var actions = Page.Render<ChartActions>(p => p
            .Add(a => a.Place, Place).Add(a => a.Deployment, _deployment).Add(a => a.Standing, Standing.Member));

        Assert.Empty(actions.FindAll("button"));
    }

    [Fact]
    public void What_the_reported_status_does_not_allow_is_there_disabled_with_the_reason()
    {
        Open(Standing.Owner);

        var drain = _popover.Find("[data-action=drain]");
        Assert.Contains("needs the deployment to report its status", drain.TextContent, StringComparison.Ordinal);
        Assert.Equal("true", drain.GetAttribute("aria-disabled"));
        Assert.NotEqual("true", _popover.Find("[data-action=reindex]").GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task An_action_without_a_form_takes_any_YAML_or_nothing_and_one_dialog_makes_one_task()
    {
        Choose("reindex");
        _dialogs.WaitForElement("#action-body", Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("#action-body").Change("depth: 2\n"));

        var invoke = _dialogs.FindComponents<MudButton>()
            .Single(b => b.Markup.Contains("Reindex", StringComparison.Ordinal)).Instance.OnClick;
        await _dialogs.InvokeAsync(() => Task.WhenAll(invoke.InvokeAsync(), invoke.InvokeAsync()));

        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#action-body")), Patience);
        var action = Assert.IsType<InvokeAction>(Assert.Single(await TasksAsync()).Operation);
        Assert.Equal(("reindex", Chart.Id), (action.ActionId, action.HelmChartId));
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["depth"] = 2 }, action.Body));
    }

    [Fact]
    public async Task The_form_of_an_action_is_checked_sent_sealed_and_empty_at_the_next_opening()
    {
        Choose("ask");
        _dialogs.WaitForElement("[data-input=depth] input", Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("[data-input=depth] input").Change("9"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("[data-input=token] input").Change("hunter2"));
        await PressAsync(_dialogs, "Ask");
        Assert.Equal("This must be 5 or less.", _dialogs.Find("[data-input=depth] .field-error").TextContent);
        Assert.Empty(await TasksAsync());

        await _dialogs.InvokeAsync(() => _dialogs.Find("[data-input=depth] input").Change("0"));
        await PressAsync(_dialogs, "Ask");

        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("[data-input]")), Patience);
        var action = Assert.IsType<InvokeAction>(Assert.Single(await TasksAsync()).Operation);
        Assert.Equal(0, action.Body["depth"]!.GetValue<int>());
        Assert.True(SealedJson.IsSealed(action.Body["token"]));
        Assert.DoesNotContain("hunter2", action.Body.ToJsonString(), StringComparison.Ordinal);
        Choose("ask");
        _dialogs.WaitForElement("[data-input=depth] input", Patience);
        Assert.Equal("", _dialogs.Find("[data-input=depth] input").GetAttribute("value") ?? "");
        Assert.Equal("", _dialogs.Find("[data-input=token] input").GetAttribute("value") ?? "");
    }

    [Theory]
    [InlineData("Ready", null)]
    [InlineData("Busy", "not possible while the deployment reports Busy; it needs Ready")]
    public async Task The_reported_status_opens_and_shuts_what_is_bound_to_it(string status, string? obstacle)
    {
        _deployment.ReportedStatus = JsonNode.Parse($$"""{"content": {"status": {"name": "{{status}}"} } }""")!.AsObject();

        Open(Standing.Owner);

        var drain = _popover.Find("[data-action=drain]");
        Assert.Equal(obstacle is null, drain.GetAttribute("aria-disabled") is not "true");
        Assert.Contains(obstacle ?? "Drain", drain.TextContent, StringComparison.Ordinal);
        await _popover.InvokeAsync(() => drain.Click());
        if (obstacle is null)
        {
            _dialogs.WaitForElement("#action-body", Patience);
        }
        else
        {
            Assert.Empty(_dialogs.FindAll("#action-body"));
        }
    }

    [Fact]
    public async Task A_dangerous_one_waits_for_the_name_to_be_typed()
    {
        Choose("wipe");
        _dialogs.WaitForElement("#action-body", Patience);
        Assert.True(Button("Wipe all").HasAttribute("disabled"));

        await _dialogs.InvokeAsync(() => _dialogs.Find(".mud-input-control input").Input("sho"));
        Assert.True(Button("Wipe all").HasAttribute("disabled"));
        await _dialogs.InvokeAsync(() => _dialogs.Find(".mud-input-control input").Input("shop"));

        _dialogs.WaitForAssertion(() => Assert.False(Button("Wipe all").HasAttribute("disabled")), Patience);
    }

    [Fact]
    public async Task A_time_makes_it_run_later_and_a_past_one_is_refused_at_the_field()
    {
        Choose("reindex");
        _dialogs.WaitForElement("#run-at", Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("#run-at").Change("2020-01-01T10:00"));
        await PressAsync(_dialogs, "Reindex");
        _dialogs.WaitForAssertion(() => Assert.Equal(
            "This time has passed.", _dialogs.Find("#run-at-error").TextContent), Patience);
        Assert.Empty(await TasksAsync());

        var later = TimeProvider.System.GetUtcNow().AddDays(2);
        var typed = later.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        await _dialogs.InvokeAsync(() => _dialogs.Find("#run-at").Change(typed));
        await PressAsync(_dialogs, "Reindex");

        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#run-at")), Patience);
        Assert.Equal(later, Assert.Single(await TasksAsync()).ExecuteAt, TimeSpan.FromMinutes(1));
    }

    private void Open(Standing standing)
    {
        var actions = Page.Render<ChartActions>(p => p
            .Add(a => a.Place, Place).Add(a => a.Deployment, _deployment).Add(a => a.Standing, standing));
        actions.WaitForElement("button", Patience);
        actions.InvokeAsync(() => actions.Find("button").Click());
        _popover.WaitForAssertion(() => _popover.Find("[data-action]"), Patience);
    }

    private void Choose(string action)
    {
        Open(Standing.Owner);
        _popover.InvokeAsync(() => _popover.Find($"[data-action={action}]").Click());
    }

    private IElement Button(string text) => _dialogs.FindAll("button").Single(b => b.TextContent.Trim() == text);

    private static ChartAction Action(string id, string title, ActionRole role) => new()
    {
        Id = id,
        Title = title,
        Description = $"About {id}.",
        AllowedRole = role,
        Target = new HttpTarget($"/platz/{id}", HttpVerb.POST),
    };
}
