using System.Globalization;
using System.Text.RegularExpressions;

namespace Platz.Web.Api;

/// <summary>
/// Times as in RFC 3339. .NET by itself also takes 01/02/2027 for the second of January and 12:00 for today: a restart
/// a month off, without an error.
/// </summary>
internal static partial class IsoTime
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.ECMAScript; // ASCII digits alone

    /// <returns>Null where it is no such time, or lies outside of what is kept.</returns>
    public static DateTimeOffset? Parse(string text) =>
        WithOffset().IsMatch(text) && Read(text) is { Year: >= 1970 and < 2100 } time ? time : null;

    /// <summary>
    /// As queries have it: a day alone is its first moment, without an offset it is UTC, and a plus that was not escaped
    /// has arrived as a space.
    /// </summary>
    public static DateTimeOffset? ParseLoosely(string text) =>
        text.Replace(' ', '+') is var time && Loose().IsMatch(time) ? Read(time) : null;

    private static DateTimeOffset? Read(string text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time
        : null;

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\z", Options)]
    private static partial Regex WithOffset();

    [GeneratedRegex(
        @"\A\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?\z", Options)]
    private static partial Regex Loose();
}
