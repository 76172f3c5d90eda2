using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using MudBlazor;

namespace Platz.Web.Theme;

/// <summary>
/// The variables of MudBlazor's theme as a style sheet for both themes. It is the same for everybody: as a component of
/// every page its text alone would take 24 KB of each circuit.
/// </summary>
public sealed partial class ThemeSheet(IServiceScopeFactory scopes, ILoggerFactory logs)
{
    private Task<string>? _text;

    /// <summary>Another one for other contents, so that browsers may keep it.</summary>
    public async Task<string> AddressAsync() =>
        $"/theme.css?v={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await TextAsync())))[..12]}";

    internal async Task<ContentHttpResult> AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Text(await TextAsync(), "text/css; charset=utf-8");
    }

    /// <summary>Written once; what failed is tried again by the next who asks.</summary>
    private Task<string> TextAsync() =>
        _text is { IsFaulted: false, IsCanceled: false } text ? text : _text = WriteAsync(scopes, logs);

    private static async Task<string> WriteAsync(IServiceScopeFactory scopes, ILoggerFactory logs)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        var (light, dark) = (await RenderAsync(renderer, isDark: false), await RenderAsync(renderer, isDark: true));
        return $"{light}\n{dark.Replace(":root", "[data-theme=dark]", StringComparison.Ordinal)}";
    }

    private static Task<string> RenderAsync(HtmlRenderer renderer, bool isDark) => renderer.Dispatcher.InvokeAsync(async () =>
    {
        var provider = await renderer.RenderComponentAsync<MudThemeProvider>(ParameterView.FromDictionary(
            new Dictionary<string, object?>
            {
                [nameof(MudThemeProvider.Theme)] = PlatzTheme.Theme,
                [nameof(MudThemeProvider.IsDarkMode)] = isDark,
            }));
        return string.Join('\n', Style().Matches(provider.ToHtmlString()).Select(style => style.Groups[1].Value));
    });

    [GeneratedRegex("<style[^>]*>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
