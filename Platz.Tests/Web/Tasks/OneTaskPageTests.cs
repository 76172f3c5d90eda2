using System.Text.Json.Nodes;
using Bunit;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Tasks;

public sealed class OneTaskPageTests(PostgresServer postgres) : PageTest(postgres)
{
    private Deployment _deployment = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _deployment = await AddDeploymentAsync();
    }

    [Fact]
    public async Task A_task_has_a_page_that_follows_it()
    {
        var page = Open(await EnqueueAsync(_deployment));
        page.WaitForAssertion(() => Assert.Equal("Install of shop", page.Find("h1").TextContent), Patience);
        Assert.Equal("Pending", Status(page));
        Assert.Contains("Waits for a free runner", page.Find(".task-page").TextContent, StringComparison.Ordinal);
        Assert.Contains("It has not started yet", page.Find("[aria-label=Phases]").TextContent, StringComparison.Ordinal);

        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.EnterPhaseAsync(task, Phase.HelmUpgrade, null, Cancel);
        page.WaitForAssertion(() => Assert.StartsWith("Started", Status(page), StringComparison.Ordinal), Patience);
        page.WaitForAssertion(() => page.Find("[data-phase=helm-upgrade]"), Patience);
        await Queue.FinishAsync([Done(task)]);
        page.WaitForAssertion(() => Assert.Equal("Done", Status(page)), Patience);
        page.WaitForAssertion(() => Assert.Equal(
            "Install: Done", page.Find("[data-announcement]").TextContent), Patience);
        Assert.Contains("current revision", page.Find(".head").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_title_says_what_it_is_and_how_it_stands()
    {
        var page = Open(await EnqueueAsync(_deployment));

        page.WaitForElement("h1", Patience);

        page.WaitForAssertion(() => Assert.Equal("Install of shop · Pending · Platz", TitleOf(page)), Patience);
    }

    [Fact]
    public void What_does_not_exist_is_not_found()
    {
        var page = Open(Guid.NewGuid());

        page.WaitForAssertion(() => Assert.Equal("There is no such task", page.Find(".empty h2").TextContent), Patience);
    }

    [Fact]
    public async Task A_task_of_an_env_that_one_is_not_in_does_not_exist()
    {
        var id = await EnqueueAsync(_deployment);
        await MakeAliceAsync();

        var page = Open(id);

        page.WaitForAssertion(() => Assert.Equal("There is no such task", page.Find(".empty h2").TextContent), Patience);
        Assert.DoesNotContain("shop", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_JSON_is_what_the_API_serves_and_holds_no_override_for_who_may_not_read_it()
    {
        var id = await EnqueueAsync(TaskFor(_deployment, new Install(
            Chart.Id, new JsonObject { ["pin"] = new JsonObject { ["$sealed"] = "AQ==" } },
            new JsonObject { ["hush"] = "whispered" })));
        Assert.Contains("whispered", await RawAsync(id), StringComparison.Ordinal);
        Assert.Contains("$sensitive", JsonNode.Parse(await RawAsync(id))!["operation"]!.ToJsonString(), StringComparison.Ordinal);

        await MakeAliceAsync(EnvRole.User);
        var page = Open(id);
        var raw = await RawAsync(page);

        Assert.Contains("\"values_override\": null", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("whispered", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("AQ==", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relatives_are_told_in_both_directions_and_so_is_the_line()
    {
        var first = await EnqueueAsync(_deployment);
        var retry = await EnqueueAsync(TaskFor(_deployment) with { RetryOfTaskId = first });

        Assert.Equal($"In front of: {retry}; Retried by: {retry}", Relatives(first));
        Assert.Equal($"Waits behind: {first}; Retry of: {first}", Relatives(retry));
    }

    [Fact]
    public async Task An_install_shows_the_inputs_it_began_with()
    {
        var page = Open(await EnqueueAsync(
            TaskFor(_deployment, new Install(Chart.Id, new JsonObject { ["replicas"] = 2 }, null))));

        page.WaitForAssertion(() => Assert.Equal("replicas", page.Find(".change-added .change-path").TextContent), Patience);
    }

    [Fact]
    public async Task Another_address_shows_the_other_task()
    {
        var first = await EnqueueAsync(_deployment);
        var other = await EnqueueAsync(TaskFor(await AddDeploymentAsync("other")));
        var page = Open(first);
        page.WaitForAssertion(() => Assert.Equal("Install of shop", page.Find("h1").TextContent), Patience);

        page.Render(p => p.Add(t => t.Id, other));

        page.WaitForAssertion(() => Assert.Equal("Install of other", page.Find("h1").TextContent), Patience);
    }

    private IRenderedComponent<OneTaskPage> Open(Guid id) => Page.Render<OneTaskPage>(p => p.Add(t => t.Id, id));

    private Task<string> RawAsync(Guid id) => RawAsync(Open(id));

    private static async Task<string> RawAsync(IRenderedComponent<OneTaskPage> page)
    {
        page.WaitForElement(".raw-task", Patience);
        await page.InvokeAsync(() => page.Find(".raw-task").TriggerEvent("ontoggle", EventArgs.Empty));
        return page.Find("#raw-task").TextContent;
    }

    private string Relatives(Guid id)
    {
        var page = Open(id);
        page.WaitForElement(".related", Patience);
        var groups = page.FindAll(".related h3").Zip(page.FindAll(".related ul"), (title, list) =>
            $"{title.TextContent}: {string.Join(", ", list.QuerySelectorAll("a").Select(a => a.GetAttribute("href")![7..]))}");
        return string.Join("; ", groups);
    }

    private static string Status(IRenderedComponent<OneTaskPage> page) => page.Find(".head .chip").TextContent.Trim();
}
