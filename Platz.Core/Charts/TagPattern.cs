using System.Globalization;
using System.Text.RegularExpressions;

namespace Platz.Core.Charts;

/// <summary>
/// A regular expression that reads tags. It takes time in proportion to a tag's length, whatever it is, for it may come
/// from anybody who is a site admin. As in the existing product a group may be written <c>(?P&lt;name&gt;…)</c>.
/// </summary>
internal sealed partial class TagPattern
{
    /// <summary>Of all counted repetitions together: they are unfolded.</summary>
    private const long MostRepetitions = 1_000;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    private static readonly string[] s_groups = ["version", "revision", "branch", "commit"];

    private readonly Regex _regex;

    private TagPattern(Regex regex) => _regex = regex;

    /// <summary>The pattern, or why there is none.</summary>
    public static (TagPattern? Pattern, string? Error) Parse(string text)
    {
        if (text.Length is 0 or > TagFormat.MaxLength)
        {
            return (null, text.Length == 0
                ? "A pattern is needed."
                : $"This is too long: at most {TagFormat.MaxLength:N0} characters.");
        }

        if (Repetitions(text) > MostRepetitions)
        {
            return (null, $"It repeats too much: at most {MostRepetitions:N0} times in all.");
        }

        try
        {
            var regex = new Regex(
                text.Replace("(?P<", "(?<", StringComparison.Ordinal),
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, s_timeout);
            var named = regex.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0])).ToList();
            return named.Count > 0 && named.All(s_groups.Contains)
                ? (new TagPattern(regex), null)
                : (null, $"It needs a named group, and may have these alone: {string.Join(", ", s_groups)}.");
        }
        catch (RegexParseException e)
        {
            return (null, $"This is no regular expression: look at character {e.Offset}.");
        }
        catch (NotSupportedException)
        {
            return (null, "Lookarounds, back references and atomic groups are not supported.");
        }
    }

    /// <summary>Null where the pattern does not fit.</summary>
    public ReadTag? Read(string tag)
    {
        try
        {
            return _regex.Match(tag) is { Success: true } match
                ? new ReadTag(Of("version"), Of("revision"), Of("branch"), Of("commit"))
                : null;

            string? Of(string group) => match.Groups[group] is { Success: true, Value: { Length: > 0 } value } ? value : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static double Repetitions(string text) => Counted().Matches(text).Aggregate(
        1.0, (product, match) => product * double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\{(?:[0-9]+,)?([0-9]+),?\}", RegexOptions.NonBacktracking)]
    private static partial Regex Counted();
}

/// <summary>What a tag says of a chart; null where it says nothing.</summary>
public sealed record ReadTag(string? Version, string? Revision, string? Branch, string? Commit);
