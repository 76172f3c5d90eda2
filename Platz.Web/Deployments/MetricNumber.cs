using System.Globalization;

namespace Platz.Web.Deployments;

/// <summary>Numbers of metrics, short enough for a line of a list.</summary>
public static class MetricNumber
{
    private static readonly string[] s_units = ["", "K", "M", "B", "T"];

    /// <summary>"12.5", "1.2K", "3M", "1000T".</summary>
    public static string Brief(decimal value)
    {
        var (rest, unit) = (value, 0);
        while (Rounded(rest, unit) is >= 1000 or <= -1000 && unit < s_units.Length - 1)
        {
            (rest, unit) = (rest / 1000, unit + 1);
        }

        return Rounded(rest, unit).ToString("0.##", CultureInfo.InvariantCulture) + s_units[unit];
    }

    public static string Whole(decimal value) => value.ToString("#,0.############", CultureInfo.InvariantCulture);

    /// <summary>Below a thousand two digits behind the point, above it one.</summary>
    private static decimal Rounded(decimal value, int unit) =>
        Math.Round(value, unit == 0 ? 2 : 1, MidpointRounding.AwayFromZero);
}
