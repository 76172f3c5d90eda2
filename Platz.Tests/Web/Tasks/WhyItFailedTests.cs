using Bunit;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Deployments;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Tasks;

public sealed class WhyItFailedTests(PostgresServer postgres) : PageTest(postgres)
{
    private const string Reason = "Error: context deadline exceeded\n\nRelease \"x\" <b>does not</b> exist.";

    [Fact]
    public async Task A_cause_in_the_log_is_explained_with_a_link_to_its_line_beside_the_text_as_it_was()
    {
        var (task, _) = await FailAsync("  container web: ImagePullBackOff Back-off pulling image \"shop/web:9\"");

        var page = Page.Render<WhyItFailed>(p => p.Add(w => w.TaskId, task).Add(w => w.Reason, Reason));

        page.WaitForAssertion(
            () => Assert.Equal("An image cannot be pulled", page.Find(".explanation-title").TextContent.Trim()), Patience);
        Assert.Equal("shop/web:9", page.Find(".explanation-facts dd").TextContent);
        Assert.NotEmpty(page.FindAll(".explanation li"));
        Assert.Contains("did not become ready in time", page.Find(".explanation .muted").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/tasks/{task}/log?line=2", page.Find(".explanation a").GetAttribute("href"));
        Assert.Equal(Reason, page.Find("pre.reason").TextContent);
    }

    [Fact]
    public void Of_an_unknown_failure_there_is_the_text_alone()
    {
        var page = Page.Render<WhyItFailed>(p => p.Add(w => w.TaskId, Guid.NewGuid()).Add(w => w.Reason, "It went wrong"));

        page.WaitForAssertion(() => Assert.Equal("It went wrong", page.Find("pre.reason").TextContent), Patience);
        Assert.Empty(page.FindAll(".explanation"));
    }

    [Fact]
    public async Task A_deployment_in_error_tells_the_cause_from_the_log_of_the_task_that_failed()
    {
        var (task, deployment) = await FailAsync("  container web: ImagePullBackOff Back-off pulling image \"shop/web:9\"");
        await EnqueueAsync(deployment); // something newer is on its way

        var page = Page.Render<WhyInError>(p => p.Add(w => w.Deployment, deployment));

        page.WaitForAssertion(
            () => Assert.Equal($"/tasks/{task}/log?line=2", page.Find(".explanation a").GetAttribute("href")), Patience);
        Assert.Equal("An image cannot be pulled", page.Find(".explanation-title").TextContent.Trim());
        Assert.Equal(Reason, page.Find("pre.reason").TextContent);
    }

    [Fact]
    public void A_row_says_in_a_line_what_kind_of_failure_it_is()
    {
        var page = Page.Render<TaskProgress>(p => p.Add(
            t => t.Task, SomeTask.With(status: DeploymentTaskStatus.Failed, reason: Reason)));

        Assert.Equal("The pods did not become ready in time", page.Find(".explained").TextContent.Trim());
        Assert.Contains("context deadline exceeded", page.Find(".error-text").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fact_from_outside_is_text_and_nothing_else()
    {
        var reason = "Error: YAML parse error on <script>alert(1)</script>\u202e.yaml: yaml: \u001b[31m<img src=x>";

        var page = Page.Render<WhyItFailed>(p => p.Add(w => w.TaskId, Guid.NewGuid()).Add(w => w.Reason, reason));

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".explanation-facts dd")), Patience);
        Assert.Empty(page.FindAll("script, img"));
        Assert.DoesNotContain('\u202e', page.Markup);
        Assert.DoesNotContain('\u001b', page.Markup);
    }

    /// <summary>A task that failed with that reason, and with this as the second line of its log.</summary>
    private async Task<(Guid Task, Deployment Deployment)> FailAsync(string line)
    {
        var deployment = await AddDeploymentAsync();
        var id = await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await ExecuteAsync($"""
            INSERT INTO deployment_task_logs (task_id, seq, at, phase, stream, text, bytes_before)
            VALUES ('{id}', 1, now(), 'helm-upgrade', 'Pod', 'Error: context deadline exceeded', 0),
                ('{id}', 2, now(), 'helm-upgrade', 'Platz', '{line}', 33)
            """);
        await Queue.FinishAsync([
            new TaskResult(
                id, deployment.Id, task.Fence, DeploymentTaskStatus.Failed, Reason, TaskEffect.Partial,
                DeploymentStatus.Error, RevisionChange.Keep),
        ]);
        await using var db = await DbAsync();
        return (id, await db.Deployments.FindAsync([deployment.Id], Cancel) ?? deployment);
    }
}
