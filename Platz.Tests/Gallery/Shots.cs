using Platz.Tests.Support;

namespace Platz.Tests.Gallery;

/// <summary>
/// Pictures of every page and state for people to look at: <c>./platz shots</c>. Not part of the tests: it asserts only
/// that each page comes up and no script complains.
/// </summary>
public sealed class Shots(PostgresServer postgres, Browser browser) : GalleryTest(postgres)
{
    [Fact(Explicit = true)]
    public async Task Every_page_is_pictured()
    {
        var folder = Environment.GetEnvironmentVariable("PLATZ_SHOTS")
            ?? throw new InvalidOperationException("PLATZ_SHOTS names no folder; ./platz shots does.");
        var problems = new List<string>();
        var page = await browser.SignInAsync(Server, Alice.Id, problems, Cancel);
        await page.GotoAsync($"{Server.Url}envs");
        var part = Environment.GetEnvironmentVariable("PLATZ_SHOTS_OF") ?? ""; // of the name of a view
        foreach (var view in Views.Where(view => view.Name.Contains(part, StringComparison.Ordinal)))
        {
            await GalleryScreen.All[0].ApplyAsync(page);
            await view.OpenAsync(page, Server.Url);
            foreach (var screen in GalleryScreen.All)
            {
                await screen.ApplyAsync(page);
                await page.EvaluateAsync("scrollTo(0, 0)"); // the head stays at the top of what is seen
                var isCovered = await page.Locator(".mud-dialog, dialog[open], .pick[open]").CountAsync() > 0;
                await page.ScreenshotAsync(new()
                {
                    Path = Path.Combine(folder, $"{view.Name}-{screen}.png"),
                    FullPage = !isCovered, // what lies over the page covers no more than the screen
                });
            }
        }

        Assert.True(problems.TrueForAll(IsAskedFor), string.Join('\n', problems));
    }
}
