using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platz.Core.Charts;

/// <summary>
/// Reads charts from one registry over the OCI distribution API. Whatever the registry may be to blame for is a
/// <see cref="RegistryException"/>; a chart that is broken in itself a <see cref="BrokenChartException"/>.
/// </summary>
public sealed class OciRegistry : IDisposable
{
    internal const long LongestList = 4 << 20;
    internal const long LongestManifest = 4 << 20;
    internal const long LongestConfig = 1 << 20;
    private const int MostPages = 1_000;
    private const string CatalogScope = "registry:catalog:*";

    private readonly RegistryConnection _connection;

    public OciRegistry(RegistrySource source, TimeProvider clock)
        : this(source, clock, RegistryConnection.NewHandler())
    {
    }

    internal OciRegistry(RegistrySource source, TimeProvider clock, HttpMessageHandler handler)
        : this(source, new RegistryLogins(source, clock, AwsIdentity.FindAsync), clock, handler)
    {
    }

    internal OciRegistry(
        RegistrySource source, RegistryLogins logins, TimeProvider clock, HttpMessageHandler handler) =>
        _connection = new RegistryConnection(source, logins, clock, handler);

    public RegistryAddress Address => _connection.Address;

    internal int PageSize { get; init; } = 100;

    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    internal TimeSpan BlobTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Who to be towards the registry for the next hours; null where it wants nobody.</summary>
    public ValueTask<RegistryLogin?> LoginAsync(CancellationToken cancel) => _connection.LoginAsync(cancel);

    /// <summary>
    /// The repositories under the registry's path. Where the registry has no catalogue (most public ones) the path
    /// itself is taken for the one repository.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancel)
    {
        try
        {
            var names = await ListAsync("/v2/_catalog", "catalogue of repositories", CatalogScope,
                OciJson.Default.CatalogJson, page => page.Repositories, cancel).ToListAsync(cancel);
            return [.. names.Where(OciName.IsRepository).Where(Address.Holds).Distinct()];
        }
        catch (RegistryException e) when (MayLackCatalogue(e))
        {
            if (await IsRepositoryItselfAsync(cancel))
            {
                return [Address.Path];
            }

            throw;
        }
    }

    /// <summary>Names that the specification does not allow are left out. Empty once the last tag is deleted.</summary>
    public async Task<IReadOnlyList<string>> ListTagsAsync(string repository, CancellationToken cancel)
    {
        var names = await ListAsync($"/v2/{Checked(repository)}/tags/list", $"repository {repository}",
            PullScope(repository), OciJson.Default.TagsJson, page => page.Tags, cancel).ToListAsync(cancel);
        return [.. names.Where(OciName.IsTag).Distinct()];
    }

    /// <summary>
    /// The digest a tag has by the word of the registry, without reading the manifest: enough to see that nothing
    /// changed.
    /// </summary>
    public async Task<string> GetDigestAsync(string repository, string reference, CancellationToken cancel)
    {
        var request = ManifestRequest(repository, reference) with { Method = HttpMethod.Head };
        var reply = await _connection.SendAsync(request, cancel);
        return reply.Digest is { } digest && OciName.IsDigest(digest)
            ? digest
            : (await GetManifestAsync(repository, reference, cancel)).Digest;
    }

    /// <param name="reference">A tag or a digest.</param>
    public async Task<OciManifest> GetManifestAsync(string repository, string reference, CancellationToken cancel)
    {
        var request = ManifestRequest(repository, reference);
        var reply = await _connection.SendAsync(request, cancel);
        var trouble = _connection.TroubleWith(request.Subject);
        if (OciName.IsDigest(reference) && !OciDigest.Matches(reference, reply.Body))
        {
            throw trouble.Invalid("the manifest is another than the one asked for by digest");
        }

        if (reply.Digest is { } digest && OciName.IsDigest(digest) && !OciDigest.Matches(digest, reply.Body))
        {
            throw trouble.Invalid($"the manifest is not what its digest {digest} says");
        }

        try
        {
            return OciManifest.Parse(reply.Body, reply.MediaType);
        }
        catch (FormatException e)
        {
            throw trouble.Invalid($"the manifest cannot be read, {e.Message}");
        }
    }

    /// <summary>Fetches and verifies the chart that a manifest of a chart describes.</summary>
    public async Task<ChartArchive> PullChartAsync(string repository, OciManifest manifest, CancellationToken cancel)
    {
        if (manifest is not { IsChart: true, Config: { } config, ChartLayer: { } layer })
        {
            throw _connection.TroubleWith($"{repository}@{manifest.Digest}").Invalid(
                $"it is no Helm chart but {manifest.Config?.MediaType ?? manifest.MediaType}");
        }

        var configJson = await GetBlobAsync(repository, config, LongestConfig, cancel);
        var archive = await ChartArchive.ReadAsync(
            await GetBlobAsync(repository, layer, ChartLimits.Compressed, cancel), cancel);
        archive.Chart.MustAgreeWith(configJson);
        return archive;
    }

    public void Dispose() => _connection.Dispose();

    private async Task<byte[]> GetBlobAsync(string repository, OciDescriptor blob, long limit, CancellationToken cancel)
    {
        var subject = $"{repository}@{blob.Digest}";
        var trouble = _connection.TroubleWith(subject);
        if (blob.Size > limit)
        {
            throw trouble.TooLarge(limit);
        }

        var uri = new Uri(Address.Root, $"/v2/{Checked(repository)}/blobs/{blob.Digest}");
        var reply = await _connection.SendAsync(
            new RegistryRequest(uri, subject, PullScope(repository), limit, BlobTimeout), cancel);
        return reply.Body.Length == blob.Size && OciDigest.Matches(blob.Digest, reply.Body)
            ? reply.Body
            : throw trouble.Invalid("what came is not what its digest and size say");
    }

    private async IAsyncEnumerable<string> ListAsync<TPage>(
        string path, string subject, string scope, JsonTypeInfo<TPage> type,
        Func<TPage, IReadOnlyList<string?>?> names, [EnumeratorCancellation] CancellationToken cancel)
    {
        var trouble = _connection.TroubleWith(subject);
        var seen = new HashSet<Uri>();
        for (var next = new Uri(Address.Root, $"{path}?n={PageSize}"); next is not null;)
        {
            if (!seen.Add(next) || seen.Count > MostPages)
            {
                throw trouble.Invalid("its pages never end");
            }

            var request = new RegistryRequest(next, subject, scope, LongestList, Timeout);
            var reply = await _connection.SendAsync(request, cancel);
            foreach (var name in names(Parse(reply.Body, type, trouble))?.OfType<string>() ?? [])
            {
                yield return name;
            }

            next = reply.Next;
        }
    }

    private bool MayLackCatalogue(RegistryException e) =>
        Address.Path is not "" && e.Kind is RegistryErrorKind.NotFound or RegistryErrorKind.Unauthorized;

    private async Task<bool> IsRepositoryItselfAsync(CancellationToken cancel)
    {
        try
        {
            return (await ListTagsAsync(Address.Path, cancel)).Count > 0;
        }
        catch (RegistryException)
        {
            return false; // the first answer says better what is wrong
        }
    }

    private static TPage Parse<TPage>(byte[] body, JsonTypeInfo<TPage> type, RegistryTrouble trouble)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw trouble.Invalid("an empty list");
        }
        catch (JsonException)
        {
            throw trouble.Invalid("what came is no list. Check that the address is that of a registry");
        }
    }

    private RegistryRequest ManifestRequest(string repository, string reference)
    {
        if (!OciName.IsTag(reference) && !OciName.IsDigest(reference))
        {
            throw new ArgumentException($"\"{reference}\" is neither a tag nor a digest.", nameof(reference));
        }

        var subject = repository + (OciName.IsDigest(reference) ? "@" : ":") + reference;
        var uri = new Uri(Address.Root, $"/v2/{Checked(repository)}/manifests/{reference}");
        return new RegistryRequest(uri, subject, PullScope(repository), LongestManifest, Timeout)
        {
            Accept = OciManifest.Accept,
        };
    }

    private static string PullScope(string repository) => $"repository:{repository}:pull";

    private static string Checked(string repository) => OciName.IsRepository(repository)
        ? repository
        : throw new ArgumentException($"\"{repository}\" is not the name of a repository.", nameof(repository));
}
