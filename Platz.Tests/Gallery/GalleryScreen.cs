using Microsoft.Playwright;

namespace Platz.Tests.Gallery;

/// <summary>A width and a theme; a page that is open already is brought to it without being loaded again.</summary>
internal sealed record GalleryScreen(int Width, int Height, ColorScheme Scheme)
{
    public static IReadOnlyList<GalleryScreen> All { get; } =
    [
        new(1440, 900, ColorScheme.Light), new(1440, 900, ColorScheme.Dark),
        new(400, 800, ColorScheme.Dark), new(400, 800, ColorScheme.Light),
    ];

    public override string ToString() => $"{Width}-{Scheme}".ToLowerInvariant();

    public async Task ApplyAsync(IPage page)
    {
        await page.SetViewportSizeAsync(Width, Height);
        await page.EmulateMediaAsync(new() { ColorScheme = Scheme, ReducedMotion = ReducedMotion.Reduce });
        await page.WaitForFunctionAsync(
            "scheme => document.documentElement.dataset.theme === scheme", Scheme.ToString().ToLowerInvariant());

        // MudBlazor's buttons fade from one colour to the other.
        await page.EvaluateAsync("""
            () => Promise.allSettled(
                document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished))
            """);
    }
}
