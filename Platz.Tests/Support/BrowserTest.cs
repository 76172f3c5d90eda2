using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Platz.Core.Identity;

namespace Platz.Tests.Support;

/// <summary>The real web process in a real browser, with Alice signed in by link.</summary>
public abstract class BrowserTest(PostgresServer postgres, Browser browser) : WebTest(postgres)
{
    /// <summary>What the browser has complained about: errors of scripts, resources that were refused.</summary>
    protected List<string> Problems { get; } = [];

    protected async Task<IPage> OpenAsync(string path)
    {
        var page = await browser.OpenAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error")
            {
                Problems.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Problems.Add(error);
        var token = await Server.Services.GetRequiredService<SignInLinks>().CreateAsync(Alice.Id, Cancel);
        await page.GotoAsync($"{Server.Url}sign-in/{token}");
        await page.GotoAsync(new Uri(Server.Url, path).ToString());
        return page;
    }
}
