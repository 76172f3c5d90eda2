using System.Globalization;

namespace Platz.Bench.Circuits;

/// <summary>What a browser would answer when the server calls its scripts.</summary>
internal static class BrowserAnswers
{
    private const long ObjectReference = 1; // a result type of the call

    /// <summary>The answer as JSON.</summary>
    /// <param name="handle">Numbers the objects that are handed out.</param>
    public static string Of(string identifier, long resultType, long handle) => (identifier, resultType) switch
    {
        (_, ObjectReference) => string.Create(CultureInfo.InvariantCulture, $$"""{"__jsObjectId":{{handle}}}"""),
        ("platzTheme.watch", _) => "\"system\"",
        ("platzTimes.watch", _) => "\"local relative Europe/Berlin 60\"",
        ("settings", _) => "\"off nowrap 40\"",
        _ => "null",
    };
}
