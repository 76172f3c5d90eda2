using System.Text;
using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>Makes helm pods in namespace platz that release into namespace shop.</summary>
internal static class HelmPod
{
    public static string Upgrade(string release, string chart = "notes-1.0.0", params string[] more) => new JsonArray(
        [.. ((string[])["upgrade", "--install", release, $"/platz/{chart}.tgz", "-f", "/platz/values.yaml",
            "-n", "shop", "--kubeconfig", "/platz/kubeconfig", .. more]).Select(argument => (JsonNode)argument)])
                .ToJsonString();

    /// <summary>The account in the release's namespace, its token in a kubeconfig, the files in a Secret.</summary>
    public static async Task PrepareAsync(SandboxServer sandbox, bool grant, string? kubeconfig = null)
    {
        await sandbox.PostAsync("/api/v1/namespaces/shop/serviceaccounts", """{"metadata":{"name":"deployer"}}""",
            Cancel);
        if (grant)
        {
            await GrantAsync(sandbox);
        }

        var token = await sandbox.PostAsync("/api/v1/namespaces/shop/serviceaccounts/deployer/token",
            """{"spec":{"expirationSeconds":3600}}""", Cancel);
        await PackFilesAsync(sandbox, kubeconfig ?? Kubeconfig((string)token["status"]!["token"]!));
    }

    private static Task<JsonNode> GrantAsync(SandboxServer sandbox) =>
        sandbox.PostAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings", """
            {"metadata":{"name":"deployer"},"roleRef":{"kind":"ClusterRole","name":"admin"},
            "subjects":[{"kind":"ServiceAccount","name":"deployer","namespace":"shop"}]}
            """, Cancel);

    private static string Kubeconfig(string token) => $$$"""
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "https://elsewhere.invalid", certificate-authority: /none/ca.crt}}]
        contexts: [{name: c, context: {cluster: c, user: c}}]
        users: [{name: c, user: {token: "{{{token}}}"}}]
        """;

    private static async Task PackFilesAsync(SandboxServer sandbox, string kubeconfig)
    {
        var files = new JsonObject
        {
            ["kubeconfig"] = Base64(Encoding.UTF8.GetBytes(kubeconfig)),
            ["values.yaml"] = Base64("a: from the mounted file\n"u8.ToArray()),
            ["notes-1.0.0.tgz"] = Base64(await PackAsync("notes-1.0.0")),
            ["web-1.0.0.tgz"] = Base64(await PackAsync("web-1.0.0")),
            ["chart.tgz"] = Base64(await PackAsync("notes-1.0.0")),
        };
        await sandbox.PostAsync("/api/v1/namespaces/platz/secrets",
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = "files" }, ["data"] = files }.ToJsonString(),
                Cancel);
    }

    public static async Task CreateAsync(SandboxServer sandbox, string name, string arguments, string more = "")
    {
        var pod = await sandbox.PostAsync("/api/v1/namespaces/platz/pods", $$$"""
            {"metadata":{"name":"{{{name}}}"},"spec":{"restartPolicy":"Never",
            {{{more}}}"automountServiceAccountToken":false,
            "containers":[{"name":"helm","image":"docker.io/alpine/helm:3.18.0","command":["helm"],
            "args":{{{arguments}}},
            "terminationMessagePolicy":"FallbackToLogsOnError",
            "env":[{"name":"HOME","value":"/work"},{"name":"HELM_CACHE_HOME","value":"/work/cache"}],
            "volumeMounts":[{"name":"files","mountPath":"/platz","readOnly":true},{"name":"work",
            "mountPath":"/work"}]}],
            "volumes":[{"name":"files","secret":{"secretName":"files"}},{"name":"work","emptyDir":{}}]}}
            """, Cancel);
        Assert.Equal("Pod", (string?)pod["kind"]);
    }

    private static async Task<byte[]> PackAsync(string chart)
    {
        var folder = Directory.CreateTempSubdirectory("platz-chart-").FullName;
        await Command.RunAsync(HelmBinaries.Helm3, ["package", Recording.Chart(chart), "-d", folder],
            new Dictionary<string, string>(), Cancel);
        var bytes = await File.ReadAllBytesAsync(Directory.GetFiles(folder).Single(), Cancel);
        Directory.Delete(folder, recursive: true);
        return bytes;
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
