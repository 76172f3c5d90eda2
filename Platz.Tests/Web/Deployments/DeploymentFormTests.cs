using System.Text.Json.Nodes;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Deployments;

namespace Platz.Tests.Web.Deployments;

public sealed class DeploymentFormTests(PostgresServer postgres) : PageTest(postgres)
{
    [Fact]
    public async Task A_valid_form_makes_the_deployment_and_shows_its_history()
    {
        var form = await OpenAsync();
        form.Find("#name").Change("shop");
        form.WaitForAssertion(() => Assert.Contains(
            "web-shop", form.Find("#name-hint").TextContent, StringComparison.Ordinal), Patience);
        await PickAsync(form, Chart.Id);
        form.Find("#config").Change("replicas: 3\n");

        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.Contains("/history", Address, StringComparison.Ordinal), Patience);
        var task = Assert.Single(await TasksAsync());
        Assert.Equal(3, Assert.IsType<Install>(task.Operation).ConfigInputs["replicas"]!.GetValue<int>());
        Assert.Equal(Alice.Id, task.ActingUserId);
        Assert.Contains(task.DeploymentId.ToString(), Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_double_click_makes_one_task()
    {
        var form = await OpenAsync();
        form.Find("#name").Change("shop");
        await PickAsync(form, Chart.Id);

        var submit = form.Find("form");
        var clicks = new[] { submit.SubmitAsync(), submit.SubmitAsync() };
        await Task.WhenAll(clicks);

        form.WaitForAssertion(() => Assert.Contains("/history", Address, StringComparison.Ordinal), Patience);
        Assert.Single(await TasksAsync());
    }

    [Fact]
    public async Task Sending_the_same_draft_again_makes_no_second_task()
    {
        var draft = new DeploymentDraft(Kind.Id, Kind.Name, null);
        draft.SetName("shop");
        draft.SetCluster(Cluster.Id);
        draft.SetChart((await Choices()).Single(), ChartSchema.None);
        var save = Page.Services.GetRequiredService<DeploymentSave>();

        var first = await save.SendAsync(draft, Place, Alice, Cancel);
        var second = await save.SendAsync(draft, Place, Alice, Cancel);

        Assert.Equal(Assert.IsType<SaveResult.Saved>(first.Result) with { Repeated = true }, second.Result);
        Assert.Single(await TasksAsync());
    }

    [Fact]
    public async Task Bad_YAML_is_marked_at_its_line_and_is_not_lost()
    {
        const string text = "replicas: 3\nimage:\n\ttag: v1\n";
        var form = await OpenAsync();
        form.Find("#name").Change("shop");
        await PickAsync(form, Chart.Id);

        form.Find("#config").Change(text);
        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.StartsWith(
            "Line 3, column ", form.Find("#config-error").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("3", form.Find(".yaml-error-line").TextContent);
        Assert.Equal("true", form.Find("#config").GetAttribute("aria-invalid"));
        Assert.Equal(text, form.Find("#config").GetAttribute("value"));
        Assert.Empty(await TasksAsync());
    }

    [Fact]
    public async Task What_is_missing_is_said_at_each_field()
    {
        await AddClusterAsync("two"); // so that none is chosen from the start
        var form = await OpenAsync();

        form.Find("form").Submit();

        form.WaitForAssertion(() =>
        {
            Assert.Equal("A name is needed.", form.Find("#name-error").TextContent);
            Assert.Equal("Choose a cluster.", form.Find("#cluster-error").TextContent);
            Assert.Equal("Choose a chart version.", form.Find("#chart-error").TextContent);
        }, Patience);
    }

    [Fact]
    public async Task A_taken_name_is_refused_at_the_name_and_nothing_typed_is_lost()
    {
        await AddDeploymentAsync("shop");
        var form = await OpenAsync();
        form.Find("#name").Change("shop");
        await PickAsync(form, Chart.Id);
        form.Find("#override").Change("a: 1");

        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.StartsWith(
            "There is already a deployment with this name",
            form.Find("#name-error").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("a: 1", form.Find("#override").GetAttribute("value"));
        Assert.Empty(await TasksAsync());
    }

    [Fact]
    public async Task A_chart_version_found_meanwhile_is_offered_at_once_and_a_broken_one_says_why_not()
    {
        var form = await OpenAsync();
        var newer = NewChart("2.0.0");
        var broken = NewChart("3.0.0");
        broken.Error = "platz/values-ui.yaml:3: no such type";

        await using (var db = await DbAsync())
        {
            db.AddRange(newer, broken);
            await db.SaveChangesAsync(Cancel);
        }

        var picker = form.FindComponent<ChartPicker>();
        form.WaitForAssertion(() => Assert.Equal(
            ["3.0.0", "2.0.0", "1.0.0"], picker.Instance.Choices.Select(c => c.Version)), Patience);
        Assert.Equal($"BROKEN: {broken.Error}", picker.Instance.Choices[0].Obstacle);
        var list = picker.FindComponent<MudAutocomplete<ChartChoice>>().Instance;
        Assert.True(list.ItemDisabledFunc!(picker.Instance.Choices[0]));
        Assert.False(list.ItemDisabledFunc!(picker.Instance.Choices[1]));
    }

    [Fact]
    public async Task A_runner_that_changes_the_status_meanwhile_is_no_conflict()
    {
        var form = await OpenAsync(await AddDeploymentAsync());
        await ExecuteAsync("UPDATE deployments SET status = 'Running'");

        form.Find("#config").Change("replicas: 5");
        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.Contains("/history", Address, StringComparison.Ordinal), Patience);
        Assert.IsType<Upgrade>(Assert.Single(await TasksAsync()).Operation);
    }

    [Fact]
    public async Task A_person_who_changed_it_meanwhile_is_shown_and_can_be_overruled()
    {
        var deployment = await AddDeploymentAsync();
        var form = await OpenAsync(deployment);
        var theirs = new DeploymentEdit { Config = new JsonObject { ["replicas"] = 9 } };
        await Page.Services.GetRequiredService<DeploymentEditor>().UpdateAsync(deployment.Id, theirs, Alice, Cancel);
        form.Find("#override").Change("mine: true");
        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.Contains(
            "Somebody else has changed", form.Find(".notice-bad").TextContent, StringComparison.Ordinal), Patience);
        Assert.Contains("replicas", form.Find(".notice-bad .change").TextContent, StringComparison.Ordinal);
        Assert.Equal("mine: true", form.Find("#override").GetAttribute("value"));
        Assert.Single(await TasksAsync()); // theirs

        await ClickAsync(form, ".notice-bad button");
        form.WaitForAssertion(() => Assert.Contains("/history", Address, StringComparison.Ordinal), Patience);
        Assert.Equal(2, (await TasksAsync()).Count);
        await using var db = await DbAsync();
        var saved = await db.Deployments.SingleAsync(Cancel);
        Assert.True(saved.ValuesOverride["mine"]!.GetValue<bool>());
        Assert.True(JsonNode.DeepEquals(new JsonObject(), saved.Config)); // as in the form, over theirs
    }

    [Fact]
    public async Task A_save_without_changes_deploys_the_same_again()
    {
        var deployment = await AddDeploymentAsync();
        var form = await OpenAsync(deployment);

        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.Contains("/history", Address, StringComparison.Ordinal), Patience);
        var upgrade = Assert.IsType<Upgrade>(Assert.Single(await TasksAsync()).Operation);
        Assert.True(JsonNode.DeepEquals(new JsonObject(), upgrade.ConfigDelta));
        Assert.Equal(deployment.HelmChartId, upgrade.PrevHelmChartId);
    }

    [Fact]
    public async Task A_new_description_alone_makes_no_task()
    {
        var form = await OpenAsync(await AddDeploymentAsync());

        form.Find("#description").Change("Ask the storefront team.");
        form.Find("form").Submit();

        form.WaitForAssertion(() => Assert.DoesNotContain("/edit", Address, StringComparison.Ordinal), Patience);
        await using var db = await DbAsync();
        Assert.Equal("Ask the storefront team.", (await db.Deployments.SingleAsync(Cancel)).DescriptionMd);
        Assert.Empty(await TasksAsync());
    }

    private string Address => Page.Services.GetRequiredService<NavigationManager>().Uri;

    private Task<List<ChartChoice>> Choices() =>
        Page.Services.GetRequiredService<ChartChoices>().OfKindAsync(Kind.Id, null, Cancel);

    private async Task<IRenderedComponent<DeploymentForm>> OpenAsync(Deployment? deployment = null)
    {
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo("/edit");
        var list = Page.Services.GetRequiredService<DeploymentList>();
        var existing = deployment is null
            ? null
            : Assert.Single(await list.FindAsync(Env.Id, Kind.Id, deployment.Id.ToString(), Cancel));
        Page.Render<MudPopoverProvider>();
        var form = Page.Render<DeploymentForm>(p => p.Add(f => f.Place, Place).Add(f => f.Existing, existing));
        form.WaitForAssertion(() => Assert.NotEmpty(form.FindComponent<ChartPicker>().Instance.Choices), Patience);
        return form;
    }

    private static Task PickAsync(IRenderedComponent<DeploymentForm> form, Guid chart)
    {
        var picker = form.FindComponent<ChartPicker>();
        return form.InvokeAsync(
            () => picker.Instance.ValueChanged.InvokeAsync(picker.Instance.Choices.Single(c => c.Id == chart)));
    }

    private async Task AddClusterAsync(string name)
    {
        await using var db = await DbAsync();
        db.Add(new Cluster { EnvId = Env.Id, ProviderId = name, Name = name, RegionName = "local" });
        await db.SaveChangesAsync(Cancel);
    }
}
