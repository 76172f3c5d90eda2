namespace Platz.Core.Charts;

/// <summary>The names in a chart's archive: all in one folder, and none that could lead out of it.</summary>
internal static class ChartPath
{
    /// <summary>
    /// Splits <c>web/platz/actions.yaml</c> into the chart's folder and the path in it (empty for the folder itself).
    /// </summary>
    public static (string Folder, string Path) Split(string name, bool isDirectory)
    {
        var path = isDirectory && name.EndsWith('/') ? name[..^1] : name;
        if (path.Length > ChartLimits.PathLength || path.Any(c => char.IsControl(c) || c is '\\' or '\uFFFD'))
        {
            throw new BrokenChartException($"{Shown(name)} in the archive is no name for a file.");
        }

        var segments = path.Split('/');
        if (segments.Any(segment => segment is "" or "." or ".."))
        {
            throw new BrokenChartException($"{Shown(name)} in the archive is no plain path below the chart's folder.");
        }

        return segments.Length > 1 || isDirectory
            ? (segments[0], string.Join('/', segments[1..]))
            : throw new BrokenChartException($"{Shown(name)} in the archive lies outside of the chart's folder.");
    }

    /// <summary>A stranger's name, fit for a message.</summary>
    public static string Shown(string name)
    {
        var tame = string.Concat(name.Take(120).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return name.Length > 120 ? tame + "…" : tame is "" ? "A file without name" : tame;
    }
}
