using System.Globalization;

namespace Platz.Web.Tasks.Logs;

/// <summary>Lines of a log as addresses name them: <c>120</c> or <c>120-130</c>.</summary>
public readonly record struct LineRange(long First, long Last)
{
    public bool Has(long seq) => seq >= First && seq <= Last;

    public long Count => Last - First + 1;

    /// <summary>From the line that was picked first to another, whichever of them comes first.</summary>
    public static LineRange Between(long one, long other) => new(Math.Min(one, other), Math.Max(one, other));

    /// <returns>Null for what is no range.</returns>
    public static LineRange? Parse(string? text)
    {
        var parts = (text ?? "").Split('-', '–');
        if (parts.Length > 2 || !TryNumber(parts[0], out var first) || !TryNumber(parts[^1], out var last))
        {
            return null;
        }

        return Between(first, last);
    }

    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
