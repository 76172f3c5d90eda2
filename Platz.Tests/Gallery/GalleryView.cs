using Microsoft.Playwright;

namespace Platz.Tests.Gallery;

/// <summary>One page in one state, as it is checked for accessibility and pictured.</summary>
/// <param name="Ready">Matches something once the page shows what it is about.</param>
/// <param name="Prepare">What to do on the page first: unfold, open, type.</param>
internal sealed record GalleryView(string Name, string Path, string Ready, Func<IPage, Task>? Prepare = null)
{
    /// <summary>What is new in it, where it lies over a page that is a view of its own; null for all.</summary>
    public string? Within { get; init; }

    /// <summary>What is to be so when the page is opened.</summary>
    public Func<Task>? Before { get; init; }

    public async Task OpenAsync(IPage page, Uri server)
    {
        await (Before?.Invoke() ?? Task.CompletedTask);
        await page.GotoAsync(new Uri(server, Path).ToString());
        try
        {
            await page.Locator(Ready).First.WaitForAsync();
            await (Prepare?.Invoke(page) ?? Task.CompletedTask);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The view '{Name}' did not come up.", e);
        }
    }
}
