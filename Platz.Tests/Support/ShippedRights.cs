using System.Text.Json.Nodes;

namespace Platz.Tests.Support;

/// <summary>The manifests of <c>deploy/kubernetes</c>, applied as a platform team does it.</summary>
public static class ShippedRights
{
    public const string Runner = "system:serviceaccount:platz-system:platz-runner";

    public static string Folder { get; } = Path.Combine(Repository.Root, "deploy", "kubernetes");

    extension(SandboxServer sandbox)
    {
        /// <summary>Applies all of them with kubectl, and answers with a token of the runner's account.</summary>
        public async Task<string> ApplyShippedAsync(CancellationToken cancel)
        {
            var environment = new Dictionary<string, string>
            {
                ["KUBECONFIG"] = sandbox.KubeconfigFile,
                ["HOME"] = sandbox.Folder,
            };
            var (exitCode, _, error) = await Command.RunAsync("kubectl", ["apply", "-f", Folder], environment, cancel);
            Assert.True(exitCode == 0, $"kubectl apply: {error}");
            var answer = await sandbox.PostAsync(
                "/api/v1/namespaces/platz-system/serviceaccounts/platz-runner/token", "{}", cancel);
            return (string)answer["status"]!["token"]!;
        }

        /// <summary>The admin's kubeconfig with another token.</summary>
        public async Task<string> KubeconfigOfAsync(string token, string file, CancellationToken cancel)
        {
            var path = Path.Combine(sandbox.Folder, file);
            await File.WriteAllTextAsync(
                path, sandbox.KubeconfigText.Replace(sandbox.AdminToken, token, StringComparison.Ordinal), cancel);
            return path;
        }
    }

    /// <summary>The objects of one of the files.</summary>
    public static IEnumerable<JsonObject> Objects(string file) =>
        File.ReadAllText(Path.Combine(Folder, file)).Split("\n---\n")
            .Select(text => Platz.Sandbox.Http.RequestBody.Yaml(System.Text.Encoding.UTF8.GetBytes(text)));
}
