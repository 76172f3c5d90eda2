using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Http;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>
/// Kubeconfigs: writes ours, and keeps a pod's own from running programs or reading the host's files.
/// </summary>
internal static class Kubeconfig
{
    private static readonly string[] s_pathFields = ["client-certificate", "client-key", "tokenFile"];
    private static readonly string[] s_contextFields = ["cluster", "user", "namespace"];

    private static readonly string[] s_userFields =
    [
        "token", "tokenFile", "username", "password", "client-certificate", "client-certificate-data", "client-key",
        "client-key-data",
    ];

    public static string Text(string name, string server, string authority, string token, string ns = "default") => $"""
        apiVersion: v1
        kind: Config
        current-context: "{name}"
        clusters:
        - name: "{name}"
          cluster:
            server: "{server}"
            certificate-authority-data: "{Convert.ToBase64String(Encoding.UTF8.GetBytes(authority))}"
        contexts:
        - name: "{name}"
          context:
            cluster: "{name}"
            user: "{name}"
            namespace: "{ns}"
        users:
        - name: "{name}"
          user:
            token: "{token}"

        """;

    /// <summary>
    /// Writes a pod's kubeconfig anew from the few parts helm needs: the server is the sandbox (its stand-in for
    /// in-cluster DNS), files lie in the pod's folder, programs do not run. A reason if that cannot be.
    /// </summary>
    public static string? Confine(string file, PodPaths paths, string server, string authority)
    {
        if (!File.Exists(file))
        {
            return null; // helm says itself that it is missing
        }

        JsonObject config;
        try
        {
            config = RequestBody.Yaml(File.ReadAllBytes(file));
        }
        catch (ApiException unreadable)
        {
            return $"the kubeconfig cannot be read: {unreadable.Message}";
        }

        var users = config.Objects("users").Select(user => user.Object("user") ?? []).ToList();
        if (users.Exists(user => user.ContainsKey("exec") || user.ContainsKey("auth-provider")))
        {
            return "the kubeconfig asks for a credential program, which the sandbox does not run";
        }

        File.WriteAllBytes(file, StoredObject.Write(Rebuild(config, paths, server, authority)));
        return null;
    }

    private static JsonObject Rebuild(JsonObject config, PodPaths paths, string server, string authority)
    {
        var cluster = new JsonObject
        {
            ["server"] = server,
            ["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority)),
        };
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = config.Text("current-context"),
            ["clusters"] = Named(config, "clusters", "cluster", _ => cluster.Copy()),
            ["contexts"] = Named(config, "contexts", "context", context => Only(context, s_contextFields)),
            ["users"] = Named(config, "users", "user", user => ConfinePaths(Only(user, s_userFields), paths)),
        };
    }

    private static JsonArray Named(JsonObject config, string list, string part, Func<JsonObject, JsonObject> rebuild) =>
        new([.. config.Objects(list).Select(item => new JsonObject
        {
            ["name"] = item.Text("name"),
            [part] = rebuild(item.Object(part) ?? []),
        })]);

    private static JsonObject Only(JsonObject section, string[] fields) => new(fields
        .Where(field => section.Text(field) is not null)
        .Select(field => KeyValuePair.Create<string, JsonNode?>(field, section.Text(field))));

    private static JsonObject ConfinePaths(JsonObject user, PodPaths paths)
    {
        foreach (var field in s_pathFields.Where(user.ContainsKey))
        {
            user[field] = paths.Map(user.Text(field)!);
        }

        return user;
    }
}
