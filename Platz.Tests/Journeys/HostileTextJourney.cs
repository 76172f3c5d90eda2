using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>What a chart, a cluster or another site would like a reader's browser to do (security.md 4).</summary>
public sealed class HostileTextJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    private static readonly string[] s_hostile =
    [
        "<script>window.hacked = 1</script>", "<img src=x onerror=\"window.hacked = 1\">",
        "<svg onload=\"window.hacked = 1\"><a href=\"javascript:window.hacked = 1\">x</a></svg>",
        "</textarea></pre></td></title><script>window.hacked = 1</script>", "{{7*7}} ${7*7} @(7*7)",
        "javascript:window.hacked=1", $"a{new string('\u0301', 200)}", "\u202egnp.exe\u2066",
    ];

    [Fact]
    public async Task What_a_chart_writes_is_text_wherever_it_is_shown()
    {
        var (deployment, text) = (await AddDeploymentAsync(), string.Join('\n', s_hostile));
        await EnqueueAsync(deployment);
        var log = await LogHand.StartAsync(Queue, Services, Claims(), Cancel);
        await log.EnterAsync(Phase.HelmUpgrade);
        await log.WriteAsync(Phase.HelmUpgrade, s_hostile);
        await Queue.FinishAsync([Done(log.Task) with { Status = DeploymentTaskStatus.Failed, Reason = text }]);
        await using (var db = await DbAsync())
        {
            await db.Deployments.ExecuteUpdateAsync(set => set.SetProperty(d => d.DescriptionMd, text), Cancel);
        }

        var page = await OpenAsync($"/tasks/{log.Task.Id}/log");
        foreach (var (path, shows) in new[]
        {
            ($"/tasks/{log.Task.Id}/log", "<img src=x onerror="), ($"/tasks/{log.Task.Id}", "<script>window.hacked = 1</script>"),
            ($"/deployments/{deployment.Id}", "<svg onload="), ("/tasks", "<script>window.hacked = 1</script>"),
        })
        {
            await page.GotoAsync(new Uri(Server.Url, path).ToString());
            await Expect(page.Locator("main")).ToContainTextAsync(shows);
            await Expect(page.Locator("main script, main [onerror], main [onload], main a[href^=javascript]")).ToHaveCountAsync(0);
            Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.hacked"));
        }

        Assert.DoesNotContain("49", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_script_that_got_into_a_page_all_the_same_does_not_run()
    {
        var page = await OpenAsync("/envs");

        await page.EvaluateAsync("""
            () => {
                const script = document.createElement('script');
                script.textContent = 'window.hacked = 1';
                document.body.append(script);
                document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="window.hacked = 1">');
                const other = document.createElement('script');
                other.src = 'https://evil.example/x.js';
                document.body.append(other);
            }
            """);

        await UntilRefusedAsync(3);
        Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.hacked"));
    }

    [Fact]
    public async Task Another_site_shows_no_page_of_ours_in_a_frame()
    {
        var page = await OpenAsync("/envs");
        await Expect(page.Locator("main")).ToContainTextAsync("demo");

        await using var other = await FakeRegistry.StartAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync($"<iframe src=\"{Server.Url}envs\"></iframe>", Cancel);
        });
        await page.GotoAsync($"{other.Root}"); // by its port another origin, to which the cookie goes all the same

        await UntilAsync(() => page.Frames is [_, { Url: not ("" or "about:blank") }], "the frame stays empty");
        Assert.Equal("chrome-error://chromewebdata/", page.Frames[1].Url);
    }

    /// <summary>Waits until the browser has said so many times that it kept to the page's policy.</summary>
    private Task UntilRefusedAsync(int times) => UntilAsync(
        () => Problems.Count(p => p.Contains("Content Security Policy", StringComparison.Ordinal)) >= times, "nothing was refused");

    private static async Task UntilAsync(Func<bool> holds, string otherwise)
    {
        for (var tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 600, otherwise);
            await Task.Delay(50, Cancel);
        }
    }
}
