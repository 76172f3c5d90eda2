using System.Text;

namespace Platz.Web.SignIn;

/// <summary>Where to go after signing in: only ever a page of ours.</summary>
internal static class LocalUrl
{
    public const string Parameter = "returnUrl";

    /// <summary>
    /// The path and query as given, or <c>/</c> for anything that a browser could take for another site: no scheme, no
    /// second slash or backslash, nothing that browsers drop while reading (tab, line feed).
    /// </summary>
    public static string OrHome(string? url) =>
        url is ['/', .. var rest] && rest is not ['/' or '\\', ..] && !url.Any(c => char.IsControl(c) || c is '\\')
            ? InAscii(url)
            : "/";

    /// <summary>A header takes nothing else.</summary>
    private static string InAscii(string url) => Ascii.IsValid(url)
        ? url
        : string.Concat(url.EnumerateRunes().Select(r => r.IsAscii ? $"{r}" : Uri.EscapeDataString($"{r}")));
}
