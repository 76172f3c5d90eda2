using System.Text.Json.Nodes;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web;
using Platz.Web.Compare;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Compare;

public sealed class ComparePageTests(PostgresServer postgres) : PageTest(postgres)
{
    private Guid _deployment;
    private DeploymentTask _first = null!;
    private DeploymentTask _second = null!;

    private NavigationManager Navigation => Page.Services.GetRequiredService<NavigationManager>();

    private string Address => Links.Compare(Env.Name, Kind.Name, _deployment, _first.Id, _second.Id);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var editor = Services.GetRequiredService<DeploymentEditor>();
        var made = await editor.CreateAsync(
            new NewDeployment { Name = "shop", KindId = Kind.Id, ClusterId = Cluster.Id, HelmChartId = Chart.Id }, Alice, Cancel);
        _deployment = Assert.IsType<SaveResult.Saved>(made).DeploymentId;
        await EndAsync();
        await editor.UpdateAsync(
            _deployment,
            new DeploymentEdit { Config = Json("""{"replicas":2}"""), ValuesOverride = Json("""{"secretive":"owners"}""") },
            Alice, Cancel);
        await EndAsync();
        var tasks = await TasksAsync();
        (_first, _second) = (tasks[0], tasks[1]);
    }

    [Fact]
    public void Both_tasks_stand_beside_each_other_with_what_differs()
    {
        var page = Open(Address);

        page.WaitForAssertion(() => Assert.Equal(
            ["Install", "Upgrade"], page.FindAll(".compared-task a b").Select(b => b.TextContent)), Patience);
        Assert.Equal(["2", "\"owners\""], page.FindAll(".difference ins").Select(ins => ins.TextContent));
        Assert.Equal(
            Links.Compare(Env.Name, Kind.Name, _deployment, _second.Id, _first.Id), page.Find(".head a.btn").GetAttribute("href"));
    }

    [Fact]
    public async Task The_override_is_shown_to_owners_alone()
    {
        await MakeAliceAsync(EnvRole.User);
        var page = Open(Address);

        page.WaitForAssertion(() => Assert.Contains(
            "it is an Owner’s to read", page.Find(".difference").TextContent, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("owners", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-act=rollback]"));
    }

    [Fact]
    public void An_address_by_id_alone_leads_to_the_one_within_the_env()
    {
        var page = Open(Links.Compare(_deployment, _first.Id, _second.Id), inEnv: false);
        page.WaitForState(() => Navigation.Uri.EndsWith(Address, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public void What_is_not_there_is_said_to_be_missing()
    {
        foreach (var address in new[]
        {
            Links.Compare(_deployment, _first.Id, Guid.NewGuid()),
            Links.Compare(Guid.NewGuid(), _first.Id, _second.Id),
            $"/deployments/{_deployment}/compare",
        })
        {
            var page = Open(address, inEnv: false);
            page.WaitForAssertion(() => Assert.Contains(
                "There are no such two tasks", page.Find(".empty").TextContent, StringComparison.Ordinal), Patience);
        }
    }

    [Fact]
    public async Task One_rolls_back_from_here_after_a_look_at_what_it_changes()
    {
        var dialogs = Page.Render<MudDialogProvider>();
        var page = Open(Address);
        await ClickAsync(page, "[data-act=rollback]");
        dialogs.WaitForAssertion(() => Assert.Equal("2", dialogs.Find(".repeat-changes del").TextContent), Patience);

        await PressAsync(dialogs, "Roll back");

        dialogs.WaitForState(() => dialogs.FindAll(".mud-dialog").Count == 0, Patience);
        Assert.Equal(_first.Id, (await TasksAsync())[^1].RollbackOfTaskId);
    }

    [Fact]
    public async Task The_menu_asks_with_which_other_task_and_puts_the_earlier_first()
    {
        var dialogs = Page.Render<MudDialogProvider>();
        _ = dialogs.InvokeAsync(() => Page.Services.GetRequiredService<TaskCommands>().CompareAsync(_first));
        dialogs.WaitForAssertion(() => Assert.Equal(
            "What is installed now", dialogs.Find("#compare-with optgroup").GetAttribute("label")), Patience);

        await PressAsync(dialogs, "Compare");

        dialogs.WaitForState(
            () => Navigation.Uri.EndsWith(Links.Compare(_deployment, _first.Id, _second.Id), StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Where_there_are_more_than_are_listed_one_asks_for_older_ones()
    {
        await using (var db = await DbAsync())
        {
            var deployment = await db.Deployments.SingleAsync(d => d.Id == _deployment, Cancel);
            for (var n = 0; n < TaskComparison.MostChoices; n++)
            {
                await EnqueueAsync(deployment);
            }
        }

        var dialogs = Page.Render<MudDialogProvider>();
        _ = dialogs.InvokeAsync(() => Page.Services.GetRequiredService<TaskCommands>().CompareAsync(_second));
        dialogs.WaitForAssertion(() => Assert.Contains(
            $"newest {TaskComparison.MostChoices}", dialogs.Find(".field-hint").TextContent, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain($"{_first.Id}", dialogs.Find("optgroup[label=Others]").InnerHtml, StringComparison.Ordinal);

        await dialogs.InvokeAsync(() => dialogs.Find("[data-moment=older]").Change("2001-01-01T00:00"));
        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.FindAll("optgroup[label=Others]")), Patience);
        Assert.NotEmpty(dialogs.FindAll("[data-moment=older]"));
        await dialogs.InvokeAsync(() => dialogs.Find("[data-moment=older]").Change(""));
        dialogs.WaitForAssertion(() => Assert.NotEmpty(dialogs.FindAll("optgroup[label=Others]")), Patience);
    }

    private IRenderedComponent<ComparePage> Open(string address, bool inEnv = true)
    {
        Navigation.NavigateTo(address);
        return Page.Render<ComparePage>(p =>
        {
            p.Add(c => c.Id, Guid.Parse(address.Split('?')[0].Split('/')[^2]));
            if (inEnv)
            {
                p.Add(c => c.Env, Env.Name).Add(c => c.Kind, Kind.Name);
            }
        });
    }

    private async Task EndAsync() =>
        await Queue.FinishAsync([Done(Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)))]);

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();
}
