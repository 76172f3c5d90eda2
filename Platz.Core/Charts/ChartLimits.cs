namespace Platz.Core.Charts;

/// <summary>
/// How much of a chart is read at most, in bytes where not said otherwise. The largest public charts stay far below.
/// </summary>
internal static class ChartLimits
{
    public const long Compressed = 10 << 20;
    public const long Unpacked = 100 << 20;
    public const long File = 5 << 20;
    public const long Yaml = 256 << 10;
    public const int Entries = 5_000;

    /// <summary>Unpacked over compressed size; below a MiB it does not matter.</summary>
    public const int Ratio = 100;

    /// <summary>The tar format's own long names and attributes.</summary>
    public const long TarMetadata = 64 << 10;

    public const int PathLength = 1_024;
    public const int YamlDepth = 64;
}
