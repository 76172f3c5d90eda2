using System.Text.RegularExpressions;

namespace Platz.Core.Data;

/// <summary>Finds the one character that JSON has and PostgreSQL's jsonb does not.</summary>
internal static partial class JsonNul
{
    /// <param name="json">As a serializer writes it.</param>
    public static bool IsIn(string json) => Escape().IsMatch(json);

    // Behind an even number of backslashes: \\u0000 spells a backslash and five letters.
    [GeneratedRegex(@"(?<!\\)(\\\\)*\\u0000")]
    private static partial Regex Escape();
}
