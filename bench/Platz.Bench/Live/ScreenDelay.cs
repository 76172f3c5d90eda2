using Microsoft.Playwright;
using Platz.Bench.Circuits;

namespace Platz.Bench.Live;

/// <summary>From the commit of a change until the document of a page in Chromium tells it.</summary>
internal static class ScreenDelay
{
    /// <summary>By the clock of the machine, which browser and bench share.</summary>
    private const string Watch = """
        text => new Promise(seen => {
            const told = () => document.querySelector('main').textContent.includes(text)
            const watch = new MutationObserver(() => {
                if (told()) {
                    watch.disconnect()
                    seen(performance.timeOrigin + performance.now())
                }
            })
            watch.observe(document.body, { subtree: true, childList: true, characterData: true })
        })
        """;

    /// <returns>Milliseconds, ascending.</returns>
    public static async Task<List<double>> MeasureAsync(
        WebProcess web, string address, BusyEnv env, int changes, CancellationToken cancel)
    {
        Console.WriteLine($"Watching {changes:N0} changes in Chromium");
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("PLATZ_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
        });
        var context = await chromium.NewContextAsync();
        await context.AddCookiesAsync(web.Cookie.Split("; ").Select(c => c.Split('=', 2)).Select(
            c => new Cookie { Name = c[0], Value = c[1], Url = $"{web.Url}" }));
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(web.Url, address).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        await page.GetByText("shop-").First.WaitForAsync();
        var delays = new List<double>();
        for (var i = 0; i < changes; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1_000 + Random.Shared.Next(500)), cancel); // the one before is over
            var text = $"change number {i};";
            var seen = page.EvaluateAsync<double>(Watch, text);
            await page.EvaluateAsync("() => 0"); // it watches by now
            var committed = await env.AnnounceAsync(text, cancel);
            delays.Add(await seen - committed);
            await env.SettleAsync(cancel);
        }

        return [.. delays.Order()];
    }
}
