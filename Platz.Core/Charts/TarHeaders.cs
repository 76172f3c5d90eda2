using System.Text;

namespace Platz.Core.Charts;

/// <summary>
/// Looks over the raw headers of a tar before <see cref="System.Formats.Tar.TarReader"/> may: that one allocates what
/// a header claims to need, and gives links, devices and sparse files a meaning. Here only files and directories of
/// honest size pass.
/// </summary>
internal static class TarHeaders
{
    private const int Block = 512;

    public static void Check(ReadOnlySpan<byte> tar)
    {
        var entries = 0;
        while (tar.Length >= Block && tar[..Block].ContainsAnyExcept((byte)0))
        {
            var name = Name(tar);
            var size = Size(tar, name);
            var (limit, isEntry) = Allowed((char)tar[156], name);
            if (size > limit)
            {
                throw new BrokenChartException($"{name} in the archive is larger than {limit >> 10} KiB.");
            }

            if (isEntry && ++entries > ChartLimits.Entries)
            {
                throw new BrokenChartException($"The archive holds more than {ChartLimits.Entries} files.");
            }

            var end = Block + ((size + Block - 1) / Block * Block);
            tar = end <= tar.Length
                ? tar[(int)end..]
                : throw new BrokenChartException($"The archive is cut off in {name}.");
        }

        if (tar.Length < Block) // a gzip cut off in the middle ends without a word, so the tar's own end must be there
        {
            throw new BrokenChartException("The archive is cut off.");
        }
    }

    private static (long Limit, bool IsEntry) Allowed(char type, string name) => type switch
    {
        '0' or '\0' => (ChartLimits.File, true),
        '5' => (0, true),
        'x' or 'g' or 'L' => (ChartLimits.TarMetadata, false),
        '1' or '2' or 'K' => throw Unwanted(name, "a link"),
        '3' or '4' => throw Unwanted(name, "a device"),
        '6' => throw Unwanted(name, "a named pipe"),
        'S' => throw Unwanted(name, "a sparse file"),
        _ => throw Unwanted(name, "of an unknown type"),
    };

    private static BrokenChartException Unwanted(string name, string what) =>
        new($"{name} in the archive is {what}; a chart holds files and directories only.");

    private static string Name(ReadOnlySpan<byte> header)
    {
        var name = header[..100];
        var end = name.IndexOf((byte)0);
        return ChartPath.Shown(Encoding.UTF8.GetString(end < 0 ? name : name[..end]));
    }

    /// <summary>
    /// Digits first, then nothing but padding. TarReader understands looser forms too, not all as one would think, and
    /// where the two disagree on a size a header could hide in what is skipped here.
    /// </summary>
    private static long Size(ReadOnlySpan<byte> header, string name)
    {
        var field = header[124..136].TrimEnd("\0 "u8);
        long size = 0;
        foreach (var digit in field)
        {
            size = digit is >= (byte)'0' and <= (byte)'7'
                ? (size * 8) + (digit - '0')
                : throw new BrokenChartException($"{name} in the archive has no size that can be read.");
        }

        return field.IsEmpty ? throw new BrokenChartException($"{name} in the archive has no size.") : size;
    }
}
