using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Deployments;

namespace Platz.Tests.Web.Deployments;

public sealed class DescriptionTests(PostgresServer postgres) : PageTest(postgres)
{
    [Fact]
    public async Task A_description_is_written_with_a_preview_and_makes_no_task()
    {
        var (view, dialogs, _) = await OpenAsync();
        await PressAsync(view, "Add");
        var text = dialogs.WaitForElement("#description-text", Patience);

        await dialogs.InvokeAsync(() => text.Change("# Shop\n\n<script>x</script>"));
        Assert.Equal("Shop", dialogs.Find("[data-preview] h3").TextContent);
        await PressAsync(dialogs, "Save");

        view.WaitForAssertion(() => Assert.Equal("Shop", view.Find(".markdown h3").TextContent), Patience);
        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.FindAll("#description-text")), Patience); // the page may hear of it first
        Assert.Empty(await TasksAsync());
    }

    [Fact]
    public async Task Another_description_saved_meanwhile_is_shown_and_replaced_only_by_a_second_save()
    {
        var (view, dialogs, deployment) = await OpenAsync();
        await PressAsync(view, "Add");
        dialogs.WaitForElement("#description-text", Patience);
        await SaveAsync(deployment, new DeploymentEdit { DescriptionMd = "theirs" });
        await dialogs.InvokeAsync(() => dialogs.Find("#description-text").Change("mine"));

        await PressAsync(dialogs, "Save");

        dialogs.WaitForAssertion(() => Assert.Contains(
            "theirs", dialogs.Find("[data-conflict]").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("mine", dialogs.Find("#description-text").GetAttribute("value"));
        await PressAsync(dialogs, "Save");
        view.WaitForAssertion(() => Assert.Equal("mine", view.Find(".markdown").TextContent.Trim()), Patience);
    }

    [Fact]
    public async Task Another_edit_that_leaves_the_description_alone_is_no_conflict()
    {
        var (view, dialogs, deployment) = await OpenAsync();
        await PressAsync(view, "Add");
        dialogs.WaitForElement("#description-text", Patience);
        await SaveAsync(deployment, new DeploymentEdit { Config = new() { ["size"] = 2 } });
        await dialogs.InvokeAsync(() => dialogs.Find("#description-text").Change("mine"));

        await PressAsync(dialogs, "Save");

        view.WaitForAssertion(() => Assert.Equal("mine", view.Find(".markdown").TextContent.Trim()), Patience);
    }

    [Fact]
    public async Task A_member_reads_it_and_is_offered_no_edit()
    {
        var deployment = await AddDeploymentAsync();
        await SaveAsync(deployment, new DeploymentEdit { DescriptionMd = "For *all* to read" });
        await MakeAliceAsync(EnvRole.User);

        var view = Open(deployment);

        Assert.Equal("all", view.WaitForElement(".markdown em", Patience).TextContent);
        Assert.DoesNotContain(view.FindAll("button"), button => button.TextContent.Trim() == "Edit");
    }

    [Fact]
    public async Task The_overview_names_what_is_installed_who_did_it_and_where_the_logs_are()
    {
        var deployment = await AddDeploymentAsync();
        await ExecuteAsync("UPDATE k8s_clusters SET grafana_url = 'https://g.example', grafana_datasource_name = 'Loki'");
        await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(task)]);

        var view = Open(deployment);

        var revision = view.WaitForElement("[data-revision]", Patience);
        Assert.Equal($"/tasks/{task.Id}", revision.GetAttribute("href"));
        Assert.Equal("Install", revision.TextContent);
        Assert.Contains("Alice", view.Find("[aria-labelledby=installed]").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("https://g.example/explore?", view.Find("[data-grafana]").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_names_the_task_that_failed()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var view = Open(deployment);
        view.WaitForElement(".tabs", Patience);

        await Queue.FinishAsync([Done(task) with
        {
            Status = DeploymentTaskStatus.Failed,
            Reason = "it broke",
            DeploymentStatus = DeploymentStatus.Error,
            Revision = RevisionChange.Keep,
        }]);

        view.WaitForAssertion(() => Assert.Equal(
            $"/tasks/{task.Id}", view.Find("[data-culprit]").GetAttribute("href")), Patience);
    }

    private async Task<(IRenderedComponent<DeploymentView> View, IRenderedComponent<MudDialogProvider> Dialogs, Deployment Deployment)>
        OpenAsync()
    {
        var deployment = await AddDeploymentAsync();
        var dialogs = Page.Render<MudDialogProvider>();
        var view = Open(deployment);
        view.WaitForElement(".tabs", Patience);
        return (view, dialogs, deployment);
    }

    private IRenderedComponent<DeploymentView> Open(Deployment deployment) =>
        Page.Render<DeploymentView>(p => p.Add(v => v.Place, Place).Add(v => v.Id, deployment.Id.ToString()));

    private async Task SaveAsync(Deployment deployment, DeploymentEdit edit) => Assert.IsType<SaveResult.Saved>(
        await Page.Services.GetRequiredService<DeploymentEditor>().UpdateAsync(deployment.Id, edit, Alice, Cancel));
}
