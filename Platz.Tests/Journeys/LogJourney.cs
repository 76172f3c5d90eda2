using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>The log of a task in a real browser, written by the test as a runner would.</summary>
public sealed class LogJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    private LogHand _log = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await EnqueueAsync(await AddDeploymentAsync());
        _log = await LogHand.StartAsync(Queue, Services, Claims(), Cancel, new TaskLogLimits(1_000, 40_000));
        await _log.EnterAsync(Phase.HelmUpgrade);
    }

    [Fact]
    public async Task The_end_is_followed_until_the_readers_own_hand_scrolls_away()
    {
        var page = await OpenAsync($"/tasks/{_log.Task.Id}/log");
        await Expect(page.GetByText("Nothing yet")).ToBeVisibleAsync();
        await _log.WriteAsync(Phase.HelmUpgrade, 3);
        await ExpectLastAsync(page, 3);
        await page.Keyboard.PressAsync("Home"); // all of it is there: nothing scrolls, and the end is not left
        await _log.WriteAsync(Phase.HelmUpgrade, 497);
        await ExpectLastAsync(page, 500);
        await ExpectFullAsync(page); // though there was no room for a line when it was opened

        await _log.WriteAsync(Phase.HelmUpgrade, 300);
        await ExpectLastAsync(page, 800);
        await page.SetViewportSizeAsync(900, 500); // what the layout does is not the reader's hand
        await _log.WriteAsync(Phase.HelmUpgrade, 1);
        await ExpectLastAsync(page, 801);
        await page.SetViewportSizeAsync(900, 1_000);
        await ExpectFullAsync(page);
        await ExpectLastAsync(page, 801);
        await Expect(page.Locator(".log-jump")).ToHaveCountAsync(0);

        await page.Locator(".log-scroll").HoverAsync();
        await page.Mouse.WheelAsync(0, -2_000);
        await Expect(page.Locator(".log-jump")).ToBeVisibleAsync();
        var top = await TopAsync(page);
        await _log.WriteAsync(Phase.HelmUpgrade, 40);
        await Expect(page.Locator(".log-jump")).ToContainTextAsync("40 new lines");
        Assert.Equal(top, await TopAsync(page));

        await page.Keyboard.PressAsync("f");
        await ExpectLastAsync(page, 841);
        await _log.WriteAsync(Phase.HelmUpgrade, 1);
        await ExpectLastAsync(page, 842);
        await Queue.FinishAsync([Done(_log.Task)]);
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("Done");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Far_away_lines_are_there_when_one_scrolls_to_them_by_keys_or_by_the_wheel()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, 3_000);
        var page = await OpenAsync($"/tasks/{_log.Task.Id}/log");
        await ExpectLastAsync(page, 3_000);

        await page.Keyboard.PressAsync("Home");
        await Expect(Line(page, 1)).ToBeInViewportAsync();
        await Expect(page.Locator(".log-phase")).ToContainTextAsync("3,000 lines · running");
        await page.Keyboard.PressAsync("PageDown");
        await page.Keyboard.PressAsync("PageDown");
        await Expect(Line(page, 80)).ToBeInViewportAsync();
        await page.EvaluateAsync("document.querySelector('.log-scroll').scrollTop = 30000");
        await Expect(Line(page, 1_510)).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("End");
        await ExpectLastAsync(page, 3_000);
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task However_one_scrolls_away_from_the_end_there_are_lines()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, 3_000);
        var page = await OpenAsync($"/tasks/{_log.Task.Id}/log");
        await ExpectLastAsync(page, 3_000);

        await page.Locator(".log-scroll").FocusAsync();
        for (var i = 0; i < 4; i++)
        {
            await page.Keyboard.PressAsync("Shift+Space");
        }

        await Expect(page.Locator(".log-jump")).ToBeVisibleAsync();
        await ExpectFullAsync(page);
        await page.Keyboard.PressAsync("End");
        await ExpectLastAsync(page, 3_000);
        await page.WaitForTimeoutAsync(1_100); // nobody's hand is on it any more
        await page.EvaluateAsync("document.querySelector('.log-scroll').scrollTop = 30000");
        await Expect(Line(page, 1_510)).ToBeInViewportAsync();
        await Expect(page.Locator(".log-jump")).ToBeVisibleAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Wrapped_lines_are_read_to_the_end_of_a_part_and_stay_where_they_are_unwrapped()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, 3_000);
        var page = await OpenAsync($"/tasks/{_log.Task.Id}/log");
        await ExpectLastAsync(page, 3_000);
        await page.GetByLabel("Wrap").CheckAsync();
        await Expect(page.Locator(".log-wraps")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Home");
        await page.GetByText("Earlier lines").ClickAsync();
        await Expect(Line(page, 2_401)).ToBeAttachedAsync();

        await page.Locator(".log-scroll").HoverAsync();
        await page.Mouse.WheelAsync(0, 50_000);
        await Expect(page.GetByText("Later lines")).ToBeInViewportAsync(); // not the end of the log
        await page.GetByLabel("Wrap").UncheckAsync();

        await Expect(page.Locator(".log-wraps")).ToHaveCountAsync(0);
        await Expect(Line(page, 2_778)).ToBeInViewportAsync();
        await Expect(page.Locator(".log-jump")).ToBeVisibleAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_search_counts_and_walks_by_keys_that_typing_does_not_press()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, Enumerable.Range(1, 1_200)
            .Select(i => i % 100 == 0 ? $"\u001b[32mneedle\u001b[0m {i}" : "hay"));
        var page = await OpenAsync($"/tasks/{_log.Task.Id}/log");
        await ExpectLastAsync(page, 1_200);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("Nee");
        await page.Keyboard.TypeAsync("dle");
        await Expect(page.Locator(".log-count")).ToHaveTextAsync("12 of 12"); // the first one from what was shown
        await page.Locator(".log-scroll").FocusAsync();
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator(".log-count")).ToHaveTextAsync("1 of 12");
        await Expect(Line(page, 100).Locator("mark.current")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Shift+N");
        await page.Keyboard.PressAsync("Shift+N");
        await Expect(page.Locator(".log-count")).ToHaveTextAsync("11 of 12");
        await Expect(Line(page, 1_100)).ToBeInViewportAsync();
        await page.EvaluateAsync("""
            for (let i = 0; i < 5; i++) document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))
            """); // faster than any finger
        await Expect(page.Locator(".log-count")).ToHaveTextAsync("4 of 12");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_range_picked_by_its_numbers_is_what_another_browser_opens_at()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, 2_000);
        var page = await OpenAsync($"/tasks/{_log.Task.Id}/log");
        await ExpectLastAsync(page, 2_000);
        await page.EvaluateAsync("window.sameDocument = true");
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("PageDown");
        await Expect(Line(page, 60)).ToBeInViewportAsync();
        var top = await TopAsync(page);

        await ClickNumberAsync(page, 50);
        await Expect(Line(page, 50)).ToHaveClassAsync("log-picked");
        await ClickNumberAsync(page, 53, KeyboardModifier.Shift);
        await Expect(page).ToHaveURLAsync(new Regex(@"\?line=50-53$"));

        Assert.Equal(top, await TopAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument === true"));
        var other = await OpenAsync(new Uri(page.Url).PathAndQuery);
        await Expect(Line(other, 50)).ToBeInViewportAsync();
        await Expect(other.Locator(".log-picked")).ToHaveCountAsync(4);
        await other.Locator(".log-jump").ClickAsync();
        await ExpectLastAsync(other, 2_000);
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task The_download_is_what_was_kept_and_says_what_was_not()
    {
        for (var i = 0; i < 10; i++)
        {
            await _log.WriteAsync(Phase.HelmUpgrade, 1_000);
        }

        var page = await OpenAsync($"/tasks/{_log.Task.Id}/log");
        await ExpectLastAsync(page, 10_000);

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTitle("Download").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), Cancel);

        var gap = Array.FindIndex(lines, line => line.Contains("were not kept", StringComparison.Ordinal));
        Assert.Equal(lines[..gap].Length, int.Parse(lines[gap - 1].Split(' ')[1], CultureInfo.InvariantCulture));
        var first = int.Parse(lines[gap + 1].Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.StartsWith($"[{first - gap - 1:N0} lines, ", lines[gap], StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(first, 10_001 - first).Select(i => $"line {i}"), lines[(gap + 1)..]);
        Assert.Empty(Problems);
    }

    /// <summary>By its number: one more than above, where a row does not say.</summary>
    private static ILocator Line(IPage page, int seq)
    {
        const string numbered = "(self::li | preceding-sibling::li)[@value][last()]";
        const string isLine = "not(contains(@class, 'log-phase') or contains(@class, 'log-left-out'))";
        return page.Locator($"xpath=//ol/li[{isLine} and {numbered}/@value + count(preceding-sibling::li)"
            + $" - count({numbered}/preceding-sibling::li) = {seq}]");
    }

    private static async Task ExpectLastAsync(IPage page, int seq)
    {
        await Expect(Line(page, seq)).ToBeInViewportAsync();
        await Expect(Line(page, seq).Locator("xpath=following-sibling::li")).ToHaveCountAsync(0);
        await Expect(Line(page, seq)).ToHaveAttributeAsync("data-seq", $"{seq}"); // what stands beside it
    }

    /// <summary>Rows stand from the top of the box on.</summary>
    private static async Task ExpectFullAsync(IPage page) => await page.WaitForFunctionAsync(
        """
        () => document.querySelector('.log-rows > li').getBoundingClientRect().top
          <= document.querySelector('.log-scroll').getBoundingClientRect().top
        """);

    private static Task<double> TopAsync(IPage page) =>
        page.EvaluateAsync<double>("document.querySelector('.log-scroll').scrollTop");

    private static Task ClickNumberAsync(IPage page, int seq, params KeyboardModifier[] keys) =>
        Line(page, seq).ClickAsync(new() { Position = new() { X = 20, Y = 8 }, Modifiers = keys });
}
