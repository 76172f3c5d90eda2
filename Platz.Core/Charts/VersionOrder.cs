using System.Globalization;
using System.Numerics;

namespace Platz.Core.Charts;

/// <summary>Which of two chart versions is the newer: semantic versions by their rules, others by their text.</summary>
public sealed class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Split(x ?? ""), Split(y ?? ""));
        var order = CompareParts(left.Core, right.Core);
        return (order, left.Label.Length, right.Label.Length) switch
        {
            (not 0, _, _) => order,
            (_, 0, 0) => 0,
            (_, 0, _) => 1, // 1.0.0 comes after 1.0.0-rc.1
            (_, _, 0) => -1,
            _ => CompareParts(left.Label, right.Label),
        };
    }

    /// <summary>Whether it comes before a version of its own: 1.0.0-rc.1, and whatever has a label.</summary>
    public static bool IsPreRelease(string version) => Split(version).Label.Length > 0;

    /// <summary>Core and pre-release label; build metadata, after a plus or a tag's underscore, does not count.</summary>
    private static (string Core, string Label) Split(string version)
    {
        version = version.TrimStart('v').Split('+', '_')[0];
        var dash = version.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? (version, "") : (version[..dash], version[(dash + 1)..]);
    }

    private static int CompareParts(string left, string right)
    {
        var (a, b) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (ComparePart(a[i], b[i]) is var order and not 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int ComparePart(string left, string right) => (Number(left), Number(right)) switch
    {
        ({ } a, { } b) => a.CompareTo(b),
        ({ }, null) => -1, // numbers come before words
        (null, { }) => 1,
        _ => string.CompareOrdinal(left, right),
    };

    private static BigInteger? Number(string part) =>
        part.Length is > 0 and < 64
            && BigInteger.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
