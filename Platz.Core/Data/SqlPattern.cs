namespace Platz.Core.Data;

/// <summary>
/// Patterns for ILIKE, in which what was asked for means itself; to be given with <see cref="Escape"/>, without which
/// EF Core says that nothing is escaped.
/// </summary>
public static class SqlPattern
{
    public const string Escape = @"\";

    public static string Equal(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal);

    public static string Containing(string text) => $"%{Equal(text)}%";
}
