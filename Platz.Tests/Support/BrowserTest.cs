using Microsoft.Playwright;

namespace Platz.Tests.Support;

/// <summary>The real web process in a real browser, with Alice signed in by link.</summary>
public abstract class BrowserTest(PostgresServer postgres, Browser browser) : WebTest(postgres)
{
    /// <summary>What the browser has complained about: errors of scripts, resources that were refused.</summary>
    protected List<string> Problems { get; } = [];

    private readonly List<IPage> _pages = [];

    public override async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var page in _pages)
            {
                await page.Context.CloseAsync();
            }
        }
        finally
        {
            await base.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected Task<IPage> OpenAsync(string path) => OpenAsync(path, Alice.Id);

    protected async Task<IPage> OpenAsync(string path, Guid userId)
    {
        var page = await browser.SignInAsync(Server, userId, Problems, Cancel);
        _pages.Add(page);
        await page.GotoAsync(new Uri(Server.Url, path).ToString());
        return page;
    }
}
