using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Platz.Core.Identity;
using Platz.Tests.Support;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Platz.Tests.Support;

/// <summary>A Chromium for all tests, started when the first one asks; every page has a profile of its own.
/// Who opens one closes its context: a page that nobody looks at any more goes on asking for its server.</summary>
public sealed class Browser : IAsyncDisposable
{
    /// <summary>Milliseconds. Only what fails takes so long: a machine may have much else to do.</summary>
    private const float Patience = 30_000;

    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _chromium;

    public async Task<IPage> OpenAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var chromium = await StartAsync();
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
        });
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    /// <summary>A page, still empty, of somebody who has just followed a sign-in link.</summary>
    /// <param name="problems">Takes what the browser complains about from then on.</param>
    public async Task<IPage> SignInAsync(WebServer server, Guid userId, List<string> problems, CancellationToken cancel)
    {
        var page = await OpenAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error")
            {
                problems.Add($"{message.Text} {message.Location}");
            }
        };
        page.PageError += (_, error) => problems.Add(error);
        var token = await server.Services.GetRequiredService<SignInLinks>().CreateAsync(userId, cancel);
        // Not in the page: where the link leads to is a page more to load for each test.
        var answer = await page.Context.APIRequest.GetAsync($"{server.Url}sign-in/{token}", new() { MaxRedirects = 0 });
        Assert.Equal(StatusCodes.Status302Found, answer.Status);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            Assertions.SetDefaultExpectTimeout(Patience);
            _playwright ??= await Playwright.CreateAsync();
            return _chromium ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Environment.GetEnvironmentVariable("PLATZ_CHROMIUM") ?? "/usr/bin/chromium",
                Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
            });
        }
        finally
        {
            _starting.Release();
        }
    }
}
