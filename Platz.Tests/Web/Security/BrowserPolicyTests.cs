using Microsoft.Playwright;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Web.Security;

/// <summary>What the headers make of a page in a real browser.</summary>
public sealed class BrowserPolicyTests(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task A_script_that_got_into_a_page_does_not_run()
    {
        var page = await OpenAsync("/profile");
        await Expect(page.Locator("h1")).ToBeVisibleAsync();

        var refused = await page.EvaluateAsync<string[]>("""
            async () => {
              const refused = [];
              document.addEventListener('securitypolicyviolation', e => refused.push(e.effectiveDirective));
              const script = document.createElement('script');
              script.textContent = 'window.ran = 1';
              document.body.append(script);
              const far = document.createElement('script');
              far.src = 'https://evil.example/x.js';
              document.body.append(far);
              document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.ran = 2">');
              document.body.insertAdjacentHTML('beforeend', '<a id="bad" href="javascript:window.ran=3">x</a>');
              document.getElementById('bad').click();
              document.body.insertAdjacentHTML('beforeend', '<object data="/"></object>');
              document.head.insertAdjacentHTML('afterbegin', '<base href="https://evil.example/">');
              document.body.insertAdjacentHTML('beforeend', '<form id="out" action="https://evil.example/"></form>');
              document.getElementById('out').submit();
              await fetch('https://evil.example/').catch(() => 0);
              for (let waits = 0; new Set(refused).size < 6 && waits < 500; waits++) {
                await new Promise(done => setTimeout(done, 20));
              }
              return [...refused, `ran ${window.ran}`];
            }
            """);

        Assert.Equal("ran undefined", refused[^1]);
        Assert.Equal(
            ["base-uri", "connect-src", "form-action", "object-src", "script-src-attr", "script-src-elem"],
            refused[..^1].Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_origin_cannot_put_a_page_into_a_frame()
    {
        var page = await OpenAsync("/profile");
        await page.RouteAsync("http://evil.example/**", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = $"""
                <h1>Look here</h1>
                <iframe src="{Server.Url}profile"></iframe>
                <iframe src="{Server.Url}app.css"></iframe>
                """,
        }));
        await page.GotoAsync("http://evil.example/", new() { WaitUntil = WaitUntilState.Load });

        await Expect(page.GetByText("Look here")).ToBeVisibleAsync();
        Assert.Equal(3, page.Frames.Count);
        Assert.All(
            page.Frames.Skip(1), frame => Assert.StartsWith("chrome-error:", frame.Url, StringComparison.Ordinal));
    }
}
