using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Platz.Tests.Support;

/// <summary>Plain calls to the sandbox's API, for tests that look at the wire.</summary>
public static class SandboxApi
{
    extension(SandboxServer sandbox)
    {
        public Task<JsonNode> GetAsync(string path, CancellationToken cancel, string? token = null) =>
            sandbox.SendAsync(HttpMethod.Get, path, null, cancel, token: token);

        public Task<JsonNode> PostAsync(string path, string json, CancellationToken cancel, string? token = null) =>
            sandbox.SendAsync(HttpMethod.Post, path, json, cancel, token: token);

        public Task<JsonNode> DeleteAsync(string path, CancellationToken cancel) =>
            sandbox.SendAsync(HttpMethod.Delete, path, null, cancel);

        public Task<JsonNode> PatchAsync(string path, string kind, string json, CancellationToken cancel) =>
            sandbox.SendAsync(HttpMethod.Patch, path, json, cancel, $"application/{kind}");

        /// <summary>The answer, whatever its code; a Status names its own.</summary>
        public async Task<JsonNode> SendAsync(
            HttpMethod method, string path, string? json, CancellationToken cancel,
            string mediaType = "application/json", string? token = null)
        {
            using var client = sandbox.Client(token);
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            if (json is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
            }

            using var response = await client.SendAsync(request, cancel);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancel))!;
        }

        public async Task CreateNamespaceAsync(string name, CancellationToken cancel)
        {
            var created = await sandbox.PostAsync("/api/v1/namespaces",
                $$$"""{"metadata":{"name":"{{{name}}}"}}""", cancel);
            Assert.Equal("Active", (string?)created["status"]?["phase"]);
        }

        /// <summary>Creates a pod that runs this shell line or, with annotations, what they ask for.</summary>
        public async Task CreatePodAsync(
            string ns, string name, CancellationToken cancel, string script = "sleep 1000", string annotations = "{}",
            string more = "")
        {
            var created = await sandbox.PostAsync($"/api/v1/namespaces/{ns}/pods", $$$"""
                {"metadata":{"name":"{{{name}}}","annotations":{{{annotations}}}},"spec":{"restartPolicy":"Never",
                {{{more}}}
                "containers":[{"name":"c","image":"busybox:1","command":["sh","-c","{{{script}}}"]}]}}
                """, cancel);
            Assert.Equal("Pod", (string?)created["kind"]);
        }

        public Task<JsonNode> PodUntilAsync(string ns, string name, Func<JsonNode, bool> holds,
            CancellationToken cancel) =>
            sandbox.UntilAsync($"/api/v1/namespaces/{ns}/pods/{name}", holds, cancel);

        public Task<JsonNode> PhaseAsync(string ns, string name, string phase, CancellationToken cancel) =>
            sandbox.PodUntilAsync(ns, name, pod => (string?)pod["status"]?["phase"] == phase, cancel);

        public async Task<string> LogAsync(string ns, string name, CancellationToken cancel, string query = "")
        {
            using var client = sandbox.Client();
            return await client.GetStringAsync(
                new Uri($"/api/v1/namespaces/{ns}/pods/{name}/log?{query}", UriKind.Relative), cancel);
        }
    }
}
