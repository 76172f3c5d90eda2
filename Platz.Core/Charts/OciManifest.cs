using System.Globalization;
using System.Text.Json;

namespace Platz.Core.Charts;

/// <summary>What a tag points to. Of an index or an image of another kind only the media type is known.</summary>
public sealed record OciManifest(string Digest, string MediaType)
{
    internal const string ImageManifest = "application/vnd.oci.image.manifest.v1+json";

    // Other media types are asked for too: a registry would otherwise answer 404 for what exists but is no chart.
    internal const string Accept = ImageManifest + ", application/vnd.oci.image.index.v1+json, "
        + "application/vnd.docker.distribution.manifest.v2+json, "
        + "application/vnd.docker.distribution.manifest.list.v2+json";

    private const string ChartConfig = "application/vnd.cncf.helm.config.v1+json";
    private const string ChartContent = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
    private const string LegacyChartContent = "application/tar+gzip"; // of helm before 3.7, still read by helm

    public OciDescriptor? Config { get; private init; }

    public IReadOnlyList<OciDescriptor> Layers { get; private init; } = [];

    public IReadOnlyDictionary<string, string> Annotations { get; private init; } = new Dictionary<string, string>();

    public bool IsChart => MediaType == ImageManifest && Config?.MediaType == ChartConfig && ChartLayer is not null;

    /// <summary>The .tgz. A provenance file may lie beside it; two charts in one manifest are none.</summary>
    public OciDescriptor? ChartLayer =>
        Layers.Where(l => l.MediaType is ChartContent or LegacyChartContent).ToArray() is [var only] ? only : null;

    /// <summary>When the chart was pushed, as <c>helm push</c> writes it down.</summary>
    public DateTimeOffset? CreatedAt =>
        DateTimeOffset.TryParse(Annotations.GetValueOrDefault("org.opencontainers.image.created"),
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
            ? created.ToUniversalTime()
            : null;

    /// <summary>Throws <see cref="FormatException"/> with what is wrong.</summary>
    internal static OciManifest Parse(byte[] body, string? contentType)
    {
        var json = Read(body);
        var mediaType = json.MediaType ?? contentType ?? ImageManifest;
        if (contentType is not null && mediaType != contentType)
        {
            throw new FormatException($"it is served as {contentType} but calls itself {json.MediaType}");
        }

        var manifest = new OciManifest(OciDigest.Of(body), mediaType);
        return mediaType != ImageManifest ? manifest : manifest with
        {
            Config = Checked(json.Config),
            Layers = [.. (json.Layers ?? []).Select(Checked)],
            Annotations = json.Annotations ?? [],
        };
    }

    private static ManifestJson Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, OciJson.Default.ManifestJson) is { SchemaVersion: 2 } json
                ? json
                : throw new FormatException("it is not of schema version 2");
        }
        catch (JsonException e)
        {
            throw new FormatException("it is not the JSON of a manifest", e);
        }
    }

    private static OciDescriptor Checked(OciDescriptor? descriptor) => descriptor switch
    {
        null => throw new FormatException("it has no config or an empty layer"),
        { Digest: var digest } when digest is null || !OciName.IsDigest(digest) =>
            throw new FormatException("it holds a digest that is neither sha256 nor sha512"),
        { Size: < 0 } or { MediaType: null } =>
            throw new FormatException("it holds a layer without size or media type"),
        { Urls: { Count: > 0 } } => throw new FormatException("it wants a layer fetched from elsewhere (urls)"),
        _ => descriptor,
    };
}

/// <summary>A blob of the repository: what it is, its digest and its size in bytes.</summary>
public sealed record OciDescriptor(string MediaType, string Digest, long Size, IReadOnlyList<string>? Urls = null);
