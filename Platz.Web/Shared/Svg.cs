using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Components;

namespace Platz.Web.Shared;

/// <summary>
/// Icons as plain text of the page. <see cref="Icon"/> is the same as a component, and each of those costs a circuit
/// nearly 2 KB: fine for one on a page, too much for those that stand on every page or in every row.
/// </summary>
public static class Svg
{
    private static readonly ConcurrentDictionary<(string, string?), MarkupString> s_icons = [];

    /// <param name="glyph">One of MudBlazor's constants, nothing from outside: it is written as it is.</param>
    /// <param name="style">A class of ours; never one of many, each is kept.</param>
    public static MarkupString Of(string glyph, string? style = null) => s_icons.GetOrAdd((glyph, style), static icon =>
    {
        var (glyph, style) = icon;
        var classes = WebUtility.HtmlEncode($"icon {style}".TrimEnd());
        return new($"""<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{glyph}</svg>""");
    });
}
