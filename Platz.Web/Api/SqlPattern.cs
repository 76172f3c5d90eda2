namespace Platz.Web.Api;

/// <summary>Patterns for ILIKE, in which what was asked for means itself.</summary>
internal static class SqlPattern
{
    public static string Equal(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal);

    public static string Containing(string text) => $"%{Equal(text)}%";
}
