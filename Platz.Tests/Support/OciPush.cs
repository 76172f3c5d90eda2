using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platz.Tests.Support;

/// <summary>
/// Pushes charts with plain HTTP requests, as the OCI distribution specification has it and curl could do it.
/// </summary>
public static class OciPush
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string ConfigType = "application/vnd.cncf.helm.config.v1+json";
    public const string ChartType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

    public static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    public static byte[] Config(string name, string version) =>
        JsonSerializer.SerializeToUtf8Bytes(new { apiVersion = "v2", name, version });

    /// <summary>A manifest with this config and this one layer.</summary>
    public static byte[] Manifest(
        byte[] config, byte[] tgz, string configType = ConfigType, string chartType = ChartType) =>
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = configType, digest = Digest(config), size = config.Length },
            layers = new[] { new { mediaType = chartType, digest = Digest(tgz), size = tgz.Length } },
        });

    extension(RegistryServer registry)
    {
        /// <summary>Returns the manifest's digest.</summary>
        public async Task<string> PushRawAsync(
            string repository, string tag, byte[] tgz, byte[] config, CancellationToken cancel)
        {
            await registry.PushBlobAsync(repository, config, cancel);
            await registry.PushBlobAsync(repository, tgz, cancel);
            return await registry.PutManifestAsync(repository, tag, Manifest(config, tgz), ManifestType, cancel);
        }

        public async Task<string> PutManifestAsync(
            string repository, string tag, byte[] manifest, string mediaType, CancellationToken cancel)
        {
            using var content = new ByteArrayContent(manifest);
            content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
            using var put = await registry.Http.PutAsync($"/v2/{repository}/manifests/{tag}", content, cancel);
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(cancel));
            return Digest(manifest);
        }

        public async Task PushBlobAsync(string repository, byte[] blob, CancellationToken cancel)
        {
            using var start = await registry.Http.PostAsync($"/v2/{repository}/blobs/uploads/", null, cancel);
            start.EnsureSuccessStatusCode();
            var upload = new UriBuilder(new Uri(registry.Http.BaseAddress!, start.Headers.Location!));
            upload.Query = $"{upload.Query}&digest={Uri.EscapeDataString(Digest(blob))}";
            using var content = new ByteArrayContent(blob);
            using var put = await registry.Http.PutAsync(upload.Uri, content, cancel);
            put.EnsureSuccessStatusCode();
        }

        /// <summary>Deletes a manifest, and with it every tag that points to it.</summary>
        public async Task DeleteAsync(string repository, string digest, CancellationToken cancel)
        {
            using var deleted = await registry.Http.DeleteAsync($"/v2/{repository}/manifests/{digest}", cancel);
            deleted.EnsureSuccessStatusCode();
        }
    }
}
