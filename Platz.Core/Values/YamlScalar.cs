using System.Globalization;

namespace Platz.Core.Values;

/// <summary>
/// What an unquoted word means to Helm, whose reader follows YAML 1.1 (go-yaml v2): <c>no</c> is false, <c>010</c> is
/// eight, <c>1_000</c> a thousand, while dates and times stay text. The golden table in the tests is Helm's own.
/// </summary>
internal static class YamlScalar
{
    private const long LargestExact = 1L << 53;

    /// <summary>null, a bool, a long, a ulong, a double (also infinite or not a number) or the text itself.</summary>
    public static object? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return true;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return false;
            case ".nan" or ".NaN" or ".NAN":
                return double.NaN;
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF":
                return double.PositiveInfinity;
            case "-.inf" or "-.Inf" or "-.INF":
                return double.NegativeInfinity;
        }

        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '-' or '.'))
        {
            return text;
        }

        var plain = text.Replace("_", "", StringComparison.Ordinal);
        return Integer(plain) ?? (object?)Float(plain) ?? text;
    }

    /// <summary>Numbers reach a chart as doubles, so an integer too long for one is rounded like there.</summary>
    public static object AsHelmNumber(object number) => number switch
    {
        long small when Int128.Abs(small) <= LargestExact => small,
        long large => (double)large,
        ulong huge => (double)huge,
        _ => number,
    };

    /// <summary>A number used as a key, as Helm spells it: floats as Go prints them with 32 bits.</summary>
    public static string FloatKey(double key)
    {
        var single = (float)key;
        if (!float.IsFinite(single))
        {
            return float.IsNaN(single) ? ".nan" : single > 0 ? ".inf" : "-.inf";
        }

        var (sign, digits, exponent) = Shortest(single);
        if (exponent is < -4 or >= 6)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        var whole = digits.PadRight(exponent + 1, '0');
        return sign + (whole.Length == exponent + 1 ? whole : $"{whole[..(exponent + 1)]}.{whole[(exponent + 1)..]}");
    }

    private static (string Sign, string Digits, int Exponent) Shortest(float number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var sign = text.StartsWith('-') ? "-" : "";
        var parts = text[sign.Length..].Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        if (digits.Length == 0)
        {
            return (sign, "0", 0);
        }

        var exponent = (point < 0 ? all.Length : point) - 1 - (all.Length - digits.Length);
        exponent += parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        return (sign, digits.TrimEnd('0'), exponent);
    }

    private static object? Integer(string plain)
    {
        var signed = plain[0] is '+' or '-';
        var rest = plain.AsSpan(signed ? 1 : 0);
        var radix = Radix(rest);
        var digits = rest[(radix is 10 ? 0 : radix is 8 && rest[1] is not ('o' or 'O') ? 1 : 2)..];
        if (digits.IsEmpty)
        {
            return null;
        }

        UInt128 value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            if (digit >= radix || (value = value * (uint)radix + (uint)digit) > ulong.MaxValue)
            {
                return null;
            }
        }

        return (signed, plain[0]) switch
        {
            (true, '-') => value <= (UInt128)long.MaxValue + 1 ? (long)-(Int128)value : null,
            (true, _) => value <= long.MaxValue ? (long)value : null,
            _ => value <= long.MaxValue ? (long)value : (ulong)value,
        };
    }

    private static int Radix(ReadOnlySpan<char> digits) => digits switch
    {
        ['0', 'x' or 'X', ..] => 16,
        ['0', 'b' or 'B', ..] => 2,
        ['0', 'o' or 'O', ..] or ['0', _, ..] => 8,
        _ => 10,
    };

    private static double? Float(string plain)
    {
        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var first = plain.AsSpan(plain[0] is '+' or '-' ? 1 : 0);
        var looksLikeOne = first is [>= '0' and <= '9' or '.', ..]; // and not the word Infinity
        return looksLikeOne && double.TryParse(plain, Style, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;
    }
}
