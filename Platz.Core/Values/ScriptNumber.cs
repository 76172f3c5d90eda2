using System.Globalization;
using System.Text.RegularExpressions;

namespace Platz.Core.Values;

/// <summary>Numbers as JavaScript reads and writes them.</summary>
internal static partial class ScriptNumber
{
    /// <summary>The whole text as a number: 0 for an empty one, NaN for what is none.</summary>
    public static double Of(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return 0;
        }

        if (WithPrefix().IsMatch(trimmed))
        {
            return OfDigits(trimmed[2..], trimmed[1] switch { 'x' or 'X' => 16, 'o' or 'O' => 8, _ => 2 });
        }

        return Decimal().Match(trimmed) is { Success: true } match && match.Length == trimmed.Length
            ? Parse(trimmed) : double.NaN;
    }

    /// <summary>The number that the text begins with, or NaN.</summary>
    public static double Leading(string text) =>
        Decimal().Match(text.TrimStart()) is { Success: true } match ? Parse(match.Value) : double.NaN;

    public static string Text(double number)
    {
        if (double.IsNaN(number) || double.IsInfinity(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }

        if (number == 0)
        {
            return "0";
        }

        var (digits, exponent) = Shortest(Math.Abs(number));
        return (number < 0 ? "-" : "") + Text(digits, exponent);
    }

    /// <param name="exponent">Where the point is: digits 123 with exponent 1 are 1.23.</param>
    private static string Text(string digits, int exponent) => exponent switch
    {
        > 21 or <= -6 => Mantissa(digits) + $"e{(exponent > 0 ? "+" : "")}{exponent - 1}",
        <= 0 => "0." + new string('0', -exponent) + digits,
        _ when digits.Length <= exponent => digits.PadRight(exponent, '0'),
        _ => digits[..exponent] + "." + digits[exponent..],
    };

    private static string Mantissa(string digits) => digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";

    /// <summary>The fewest digits that read back as the same number.</summary>
    private static (string Digits, int Exponent) Shortest(double number)
    {
        var parts = number.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var exponent = (point < 0 ? all.Length : point)
            + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var significant = all.TrimStart('0');
        return (significant.TrimEnd('0'), exponent - (all.Length - significant.Length));
    }

    private static double OfDigits(string digits, int radix) => digits.Aggregate(
        0d, (sum, digit) => (sum * radix) + Convert.ToInt32($"{digit}", 16));

    private static double Parse(string text) => text.TrimStart('+', '-') == "Infinity"
        ? text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity
        : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[+-]?(Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)")]
    private static partial Regex Decimal();

    [GeneratedRegex("^0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)$")]
    private static partial Regex WithPrefix();
}
