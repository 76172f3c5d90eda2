using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Deployments;
using Platz.Web.Envs;

namespace Platz.Tests.Web.Deployments;

public sealed class DeploymentTableTests(PostgresServer postgres) : PageTest(postgres)
{
    [Fact]
    public async Task A_newer_version_is_offered_to_a_maintainer_and_chosen_in_the_form_it_leads_to()
    {
        var deployment = await AddDeploymentAsync();
        var newer = NewChart("1.4.0");
        var table = Open();
        table.WaitForElement("tbody tr", Patience);
        Assert.Empty(table.FindAll("[data-update]"));

        await using (var db = await DbAsync())
        {
            db.Add(newer);
            await db.SaveChangesAsync(Cancel);
        }

        var badge = table.WaitForElement("[data-update]", Patience); // while one looks at it
        Assert.Equal("1.4.0", badge.TextContent.Trim());
        Assert.Equal($"/envs/demo/deployments/Web/{deployment.Id}/edit?chart={newer.Id}", badge.GetAttribute("href"));

        var form = Page.Render<DeploymentForm>(p => p.Add(f => f.Place, Place)
            .Add(f => f.Existing, new PlacedDeployment(deployment, Cluster.Name, false, "web", "1.0.0"))
            .Add(f => f.Chart, newer.Id));
        form.WaitForAssertion(
            () => Assert.Equal("1.4.0", form.Find("#chart").GetAttribute("value")), Patience);

        await MakeAliceAsync(EnvRole.User);
        var seen = Open();
        seen.WaitForElement("tbody tr", Patience);
        Assert.Empty(seen.FindAll("[data-update]"));
    }

    [Fact]
    public async Task Dots_change_while_one_looks_at_them()
    {
        var deployment = await AddDeploymentAsync();
        var table = Open();
        table.WaitForElement("tbody tr", Patience);
        Assert.Empty(table.FindAll(".dot"));

        await AddPodAsync(deployment, "Pending", "primary");
        table.WaitForElement(".dot-starting", Patience);

        await ExecuteAsync(
            "UPDATE k8s_resources SET state = 'ImagePullBackOff', status_color = '{danger}'");
        var dot = table.WaitForElement(".dot-bad", Patience);
        Assert.Equal("Pod web-1: ImagePullBackOff", dot.GetAttribute("title"));
        Assert.Equal("0 of 1 ready. Pod web-1: ImagePullBackOff", table.Find(".dots").GetAttribute("aria-label"));
        Assert.Equal(
            $"/envs/demo/deployments/Web/{deployment.Id}/resources", table.Find(".dots").GetAttribute("href"));
    }

    [Fact]
    public async Task An_error_leads_to_the_task_that_failed()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(task) with
        {
            Status = DeploymentTaskStatus.Failed,
            Reason = "timed out\nand more",
            DeploymentStatus = DeploymentStatus.Error,
            Revision = RevisionChange.Keep,
        }]);

        var why = Open().WaitForElement("[data-why]", Patience);

        Assert.Equal("timed out", why.TextContent);
        Assert.Equal($"/tasks/{task.Id}", why.GetAttribute("href"));
    }

    [Fact]
    public async Task The_last_task_is_told_by_operation_status_and_time()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());

        var last = Open().WaitForElement(".list-last a", Patience);

        Assert.Equal("Install: Pending", last.TextContent.Trim());
        Assert.Equal($"/tasks/{id}", last.GetAttribute("href"));
    }

    [Fact]
    public async Task Statuses_are_links_that_narrow_the_list()
    {
        await AddDeploymentAsync("a");
        await AddDeploymentAsync("b");
        await ExecuteAsync("UPDATE deployments SET status = 'Running' WHERE name = 'b'");

        var table = Open(DeploymentStatus.Running);

        table.WaitForAssertion(() => Assert.Equal("b", Assert.Single(table.FindAll("tbody th a")).TextContent), Patience);
        Assert.Equal("true", table.Find("[data-status=Running]").GetAttribute("aria-current"));
        Assert.EndsWith("?status=Unknown", table.Find("[data-status=Unknown]").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_named_so()
    {
        await AddDeploymentAsync();
        await ExecuteAsync("UPDATE k8s_clusters SET is_ok = false, not_ok_reason = 'connection refused'");

        var table = Open();

        Assert.Equal("connection refused",
            table.WaitForElement("td .badge.error-text", Patience).GetAttribute("title"));
    }

    [Fact]
    public async Task An_env_lists_the_deployments_of_all_kinds_and_hides_kinds_without_any_until_asked()
    {
        await AddDeploymentAsync();
        await using (var db = await DbAsync())
        {
            db.Add(new Kind { Name = "Unused" });
            await db.SaveChangesAsync(Cancel);
        }

        var page = Page.Render<EnvPage>(p => p.Add(e => e.Env, Env.Name));

        page.WaitForAssertion(() => // two parts of the page, of which each reads by itself
        {
            Assert.Equal("shop", page.Find("tbody th a").TextContent);
            Assert.Equal(["Web"], page.FindAll("[data-kind] .card-title").Select(t => t.TextContent));
        }, Patience);
        await page.InvokeAsync(() => page.Find(".section-head input").Change(true));
        Assert.Equal(["Unused", "Web"], page.FindAll("[data-kind] .card-title").Select(t => t.TextContent));
    }

    private IRenderedComponent<DeploymentTable> Open(DeploymentStatus? status = null) => Page.Render<DeploymentTable>(
        p => p.Add(t => t.Env, Env).Add(t => t.Kind, Kind).Add(t => t.Status, status));

    private async Task AddPodAsync(Deployment deployment, string state, string color)
    {
        await using var db = await DbAsync();
        db.Add(new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = Cluster.Id,
            DeploymentId = deployment.Id,
            Kind = "Pod",
            ApiVersion = "v1",
            Name = "web-1",
            State = state,
            StatusColor = [color],
        });
        await db.SaveChangesAsync(Cancel);
    }
}
