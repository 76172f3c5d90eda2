using System.Globalization;

namespace Platz.Core.Charts.Extensions;

/// <summary>Numbers of an extension file: exact where they can be, since limits and steps are decimal.</summary>
internal static class SourceNumber
{
    private const int LongestExact = 28;

    private const NumberStyles Float =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>A long, a decimal or a double; null where the text is no number, or none that is finite.</summary>
    public static object? Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        if (text.Length <= LongestExact && decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var exact))
        {
            return exact;
        }

        return double.TryParse(text, Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;
    }

    /// <summary>Null where it is no number or too large a one.</summary>
    public static decimal? AsDecimal(object? value) => value switch
    {
        string { Length: <= 64 } text => AsDecimal(Parse(text)),
        long whole => whole,
        decimal exact => exact,
        double number when Math.Abs(number) < 7e27 => (decimal)number,
        _ => null,
    };

    public static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
