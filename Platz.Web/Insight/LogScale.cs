using System.Globalization;

namespace Platz.Web.Insight;

/// <summary>Where times lie on a line that gives every tenfold the same room, in percent of its width.</summary>
public sealed class LogScale
{
    private static readonly (TimeSpan Time, string Word)[] s_marks =
    [
        (TimeSpan.FromMilliseconds(10), "10 ms"), (TimeSpan.FromMilliseconds(100), "0.1 s"),
        (TimeSpan.FromSeconds(1), "1 s"), (TimeSpan.FromSeconds(10), "10 s"), (TimeSpan.FromMinutes(1), "1 min"),
        (TimeSpan.FromMinutes(10), "10 min"), (TimeSpan.FromHours(1), "1 h"), (TimeSpan.FromHours(10), "10 h"),
        (TimeSpan.FromDays(1), "1 d"), (TimeSpan.FromDays(10), "10 d"), (TimeSpan.FromDays(100), "100 d"),
        (TimeSpan.FromDays(10_000), ""),
    ];

    private readonly double _from;
    private readonly double _width;

    /// <param name="times">All of what is to be shown.</param>
    public LogScale(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        var first = Math.Max(0, Array.FindLastIndex(s_marks, m => sorted.Count > 0 && m.Time <= sorted[0]));
        var last = Array.FindIndex(s_marks, first + 1, m => sorted.Count == 0 || m.Time >= sorted[^1]);
        _from = Log(s_marks[first].Time);
        _width = Log(s_marks[last].Time) - _from;
        Marks = [.. s_marks[first..(last + 1)].Select(m => (Percent(m.Time), m.Word))];
    }

    public IReadOnlyList<(double At, string Word)> Marks { get; }

    public double Percent(TimeSpan time) => Math.Clamp((Log(time) - _from) / _width * 100, 0, 100);

    /// <summary>For attributes of SVG.</summary>
    public static string Attribute(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.###}%");

    private static double Log(TimeSpan time) => Math.Log10(Math.Max(0.005, time.TotalSeconds));
}
