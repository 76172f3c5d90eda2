using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Platz.Core.Charts;

/// <summary>
/// The text files of a chart that Platz reads, by path in the chart. All in memory: nothing is written anywhere.
/// </summary>
internal sealed class ChartFiles
{
    private static readonly UTF8Encoding s_utf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private string? _folder;

    private ChartFiles()
    {
    }

    public static async Task<ChartFiles> ReadAsync(byte[] tgz, IReadOnlySet<string> wanted, CancellationToken cancel)
    {
        var tar = await DecompressAsync(tgz, cancel);
        TarHeaders.Check(tar);
        var files = new ChartFiles();
        try
        {
            await using var reader = new TarReader(new MemoryStream(tar));
            while (await reader.GetNextEntryAsync(copyData: false, cancel) is { } entry)
            {
                await files.AddAsync(entry, wanted, cancel);
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new BrokenChartException("The archive is no tar that can be read.", e);
        }

        return files;
    }

    public bool AnyIn(string folder) => _paths.Any(path => path.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary>The text of a file, or null where the chart has none.</summary>
    public string? Text(string path, long limit)
    {
        if (!_contents.TryGetValue(path, out var bytes))
        {
            return null;
        }

        if (bytes.Length > limit)
        {
            throw new BrokenChartException($"{path} is larger than {limit >> 10} KiB.");
        }

        try
        {
            var text = s_utf8.GetString(bytes).TrimStart('\uFEFF');
            return text.Contains('\0') ? throw new BrokenChartException($"{path} holds a NUL character.") : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new BrokenChartException($"{path} is not UTF-8.", e);
        }
    }

    private static async Task<byte[]> DecompressAsync(byte[] tgz, CancellationToken cancel)
    {
        if (tgz.Length > ChartLimits.Compressed)
        {
            throw new BrokenChartException($"The archive is larger than {ChartLimits.Compressed >> 20} MiB.");
        }

        var limit = Math.Min(ChartLimits.Unpacked, Math.Max(1 << 20, (long)tgz.Length * ChartLimits.Ratio));
        try
        {
            await using var gzip = new GZipStream(new MemoryStream(tgz), CompressionMode.Decompress);
            return await gzip.ReadAtMostAsync(limit, cancel) ?? throw new BrokenChartException(
                $"The archive unpacks to more than {ChartLimits.Unpacked >> 20} MiB "
                + $"or {ChartLimits.Ratio} times its size.");
        }
        catch (InvalidDataException e)
        {
            throw new BrokenChartException("The archive is no gzip that can be read.", e);
        }
    }

    private async Task AddAsync(TarEntry entry, IReadOnlySet<string> wanted, CancellationToken cancel)
    {
        MustHavePlainAttributes(entry);
        if (entry is PaxGlobalExtendedAttributesTarEntry)
        {
            return; // git archive writes its commit there
        }

        var isDirectory = entry.EntryType is TarEntryType.Directory;
        var (folder, path) = ChartPath.Split(entry.Name, isDirectory);
        if (folder != (_folder ??= folder))
        {
            throw new BrokenChartException(
                $"{ChartPath.Shown(entry.Name)} in the archive lies outside of the chart's folder.");
        }

        if (!_paths.Add(path))
        {
            throw new BrokenChartException($"{ChartPath.Shown(entry.Name)} is in the archive twice.");
        }

        if (!isDirectory && wanted.Contains(path))
        {
            _contents[path] = await ContentAsync(entry, cancel);
        }
    }

    private static async Task<byte[]> ContentAsync(TarEntry entry, CancellationToken cancel) =>
        entry.DataStream is null
            ? []
            : await entry.DataStream.ReadAtMostAsync(ChartLimits.File, cancel)
                ?? throw new BrokenChartException(
                    $"{ChartPath.Shown(entry.Name)} in the archive is larger than it says.");

    /// <summary>
    /// Attributes may give a long name or a time, but no other size than the header that was looked over.
    /// </summary>
    private static void MustHavePlainAttributes(TarEntry entry)
    {
        var attributes = entry switch
        {
            PaxTarEntry pax => pax.ExtendedAttributes,
            PaxGlobalExtendedAttributesTarEntry global => global.GlobalExtendedAttributes,
            _ => null,
        };
        if (attributes?.Keys.FirstOrDefault(IsUnwanted) is { } key)
        {
            throw new BrokenChartException(
                $"{ChartPath.Shown(entry.Name)} in the archive has the attribute \"{ChartPath.Shown(key)}\", "
                + "which no chart needs.");
        }

        bool IsUnwanted(string name) => name is "size" or "linkpath"
            || name.StartsWith("GNU.sparse", StringComparison.Ordinal)
            || (name is "path" && entry is PaxGlobalExtendedAttributesTarEntry);
    }
}
