namespace Platz.Web.People;

/// <summary>What a browser says of itself, in two words; nothing depends on it.</summary>
internal static class BrowserWords
{
    /// <summary>In this order: each names the ones after it too, to be taken for them.</summary>
    private static readonly (string Sign, string Name)[] s_browsers =
        [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Sign, string Name)[] s_systems =
    [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    public static string Of(string? userAgent) => (Find(s_browsers, userAgent), Find(s_systems, userAgent)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        ({ } browser, null) => browser,
        (null, { } system) => $"A browser on {system}",
        _ => "A browser",
    };

    private static string? Find((string Sign, string Name)[] known, string? text) =>
        known.FirstOrDefault(k => text?.Contains(k.Sign, StringComparison.Ordinal) is true).Name;
}
