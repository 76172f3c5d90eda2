using Bunit;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Insight;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Web.Insight;

public sealed class InsightViewTests(PostgresServer postgres) : PageTest(postgres)
{
    private Deployment _shop = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _shop = await AddDeploymentAsync();
    }

    [Fact]
    public async Task Each_picture_says_in_a_line_what_it_shows()
    {
        await AddAsync(Now.AddDays(-3), Failed);
        await AddAsync(Now.AddDays(-3).AddHours(1));
        await AddAsync(Now.AddHours(-2), Canceled);
        await AddAsync(Now.AddHours(-1), kind: nameof(InvokeAction));
        await CountAsync();

        var view = Open();

        Says(view, "tasks-per-day", "4 tasks have ended: 1 failed, 1 was canceled.");
        Says(view, "change-failures", "1 of 2 changes failed: 50 %");
        Says(view, "restore-times", "One failed change was put right, 1.1 h later.");
        Says(view, "busiest", "1 deployment had tasks; shop had most.");
        Says(view, "last-day", "2 tasks of 1 deployment: 0 failed, 0 running now.");
        Assert.Contains("Half of 4 tasks waited no longer than", Reading(view, "queue-waits"), StringComparison.Ordinal);
        Assert.StartsWith("Upgrade, the most frequent", Reading(view, "operation-times"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_picture_is_a_table_too()
    {
        await AddAsync(Now.AddHours(-1), Failed);
        await CountAsync();

        var view = Open();
        view.WaitForElement("#tasks-per-day", Patience);

        var titles = view.FindAll(".insight-panel").Where(p => p.QuerySelector("table") is null)
            .Select(p => p.QuerySelector("h2")!.TextContent);
        Assert.Equal(["Time to restore", "How long operations take"], titles); // they have no picture either
        Assert.Single( // an hour ago may be yesterday
            view.FindAll("[aria-labelledby=tasks-per-day] tbody tr"),
            day => day.QuerySelectorAll("td").Select(cell => cell.TextContent).SequenceEqual(["0", "1", "0"]));
        Assert.All(view.FindAll(".insight-chart, .timeline"), p => Assert.Equal("true", p.GetAttribute("aria-hidden")));
    }

    [Fact]
    public async Task Where_nothing_has_run_the_page_says_so()
    {
        await CountAsync();
        Assert.Contains(
            "Nothing has run in this time", Open().WaitForElement(".empty", Patience).TextContent);
    }

    [Fact]
    public void Before_the_first_count_the_page_says_who_counts()
    {
        var view = Open();
        view.WaitForAssertion(
            () => Assert.Contains("a runner counts once a minute", view.Find("[data-counted]").TextContent), Patience);
    }

    [Fact]
    public async Task Bars_of_the_last_day_lead_to_their_tasks_and_differ_by_more_than_colour()
    {
        var failed = await AddAsync(Now.AddHours(-5), Failed);
        var done = await AddAsync(Now.AddHours(-4));
        await CountAsync();

        var view = Open();
        view.WaitForElement("[data-bar]", Patience);

        Assert.Equal(
            [("failed", $"/tasks/{failed}"), ("done", $"/tasks/{done}")],
            view.FindAll("[data-bar]").Select(b => (b.GetAttribute("data-bar"), b.GetAttribute("href"))));
        Assert.Equal(
            [Patterns.Failed, Patterns.Done], view.FindAll("[data-bar] rect").Select(r => r.GetAttribute("fill")));
        Assert.StartsWith("Upgrade: Failed, began", view.Find("[data-bar] title").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployments_own_figures_leave_the_others_out()
    {
        var blog = await AddDeploymentAsync("blog");
        await AddAsync(Now.AddHours(-5), Failed);
        await AddAsync(Now.AddHours(-4), deployment: blog);
        await CountAsync();

        var view = Open(new InsightSubject(blog.Id, "blog", Kind.Name));

        Says(view, "tasks-per-day", "1 task has ended, none of them failed.");
        Assert.Empty(view.FindAll("#busiest"));
    }

    [Fact]
    public async Task Another_period_is_another_address_and_shows_its_own_tasks()
    {
        await AddAsync(Now.AddDays(-20));
        await AddAsync(Now.AddHours(-1));
        await CountAsync();

        var view = Open();
        Says(view, "tasks-per-day", "2 tasks have ended, none of them failed.");
        Assert.Equal(
            ["/insight?days=7", "/insight?days=30", "/insight?days=90"],
            view.FindAll(".insight-periods a").Select(a => a.GetAttribute("href")));
        Assert.Equal("30 days", view.Find(".insight-periods [aria-current]").TextContent);

        view.Render(p => p.Add(v => v.Days, 7));
        Says(view, "tasks-per-day", "1 task has ended, none of them failed.");
    }

    [Fact]
    public async Task When_the_database_does_not_answer_the_page_says_so_and_can_be_asked_again()
    {
        await AddAsync(Now.AddHours(-1));
        await CountAsync();
        await ExecuteAsync("ALTER TABLE insight_days RENAME TO gone");
        var view = Open();
        Assert.Contains(
            "could not be read", view.WaitForElement(".empty", Patience).TextContent, StringComparison.Ordinal);

        await ExecuteAsync("ALTER TABLE gone RENAME TO insight_days");
        await PressAsync(view, "Try again");
        Says(view, "tasks-per-day", "1 task has ended, none of them failed.");
    }

    [Fact]
    public async Task Who_is_not_in_the_env_finds_no_insight_of_it()
    {
        await MakeAliceAsync();
        var page = Page.Render<EnvInsightPage>(p => p.Add(e => e.Env, Env.Name));
        page.WaitForAssertion(() => Assert.Contains("There is no env", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindComponents<InsightView>());
    }

    [Fact]
    public async Task Who_is_in_the_env_finds_its_insight_among_its_parts()
    {
        await MakeAliceAsync(EnvRole.User);
        await CountAsync();
        var page = Page.Render<EnvInsightPage>(p => p.Add(e => e.Env, Env.Name));
        page.WaitForAssertion(() => page.FindComponent<InsightView>(), Patience);
        Assert.Equal("Insight", page.Find("nav.tabs [aria-current]").TextContent);
    }

    private IRenderedComponent<InsightView> Open(InsightSubject? deployment = null) => Page.Render<InsightView>(p => p
        .Add(v => v.Env, Env).Add(v => v.Deployment, deployment).Add(v => v.Days, 30)
        .Add(v => v.Address, days => $"/insight?days={days}"));

    private static void Says(IRenderedComponent<InsightView> view, string picture, string words) =>
        view.WaitForAssertion(() => Assert.Equal(words, Reading(view, picture)), Patience);

    private static string Reading(IRenderedComponent<InsightView> view, string picture) =>
        view.Find($"section[aria-labelledby={picture}] .insight-reading").TextContent;

    private Task<Guid> AddAsync(
        DateTimeOffset ended, DeploymentTaskStatus status = DeploymentTaskStatus.Done, string kind = nameof(Upgrade),
        Deployment? deployment = null) => PastTasks.AddAsync(
            Source,
            new PastTask((deployment ?? _shop).Id, Env.Id, Cluster.Id, Alice.UserId!.Value, ended)
            {
                Status = status,
                Kind = kind,
            });

    private Task CountAsync() => InsightTest.CountAllAsync(Services, Cancel);
}
