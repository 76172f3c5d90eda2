using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Http;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>Kubeconfigs: writes ours, and keeps a pod's own from running programs or reading the host's files.</summary>
internal static class Kubeconfig
{
    private static readonly string[] s_pathFields = ["client-certificate", "client-key", "tokenFile"];

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
    /// Points the file at the sandbox (its stand-in for in-cluster DNS) and its paths into the pod's folder; a reason if it
    /// would run a program.
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
        catch (ApiException)
        {
            return null; // helm says itself what is wrong with it
        }

        foreach (var cluster in config.Objects("clusters").Select(cluster => cluster.Object("cluster")).OfType<JsonObject>())
        {
            cluster.Clear();
            cluster["server"] = server;
            cluster["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority));
        }

        foreach (var section in config.Objects("users").Select(user => user.Object("user")).OfType<JsonObject>())
        {
            if (section.ContainsKey("exec") || section.ContainsKey("auth-provider"))
            {
                return "the kubeconfig asks for a credential program, which the sandbox does not run";
            }

            foreach (var field in s_pathFields.Where(field => section.Text(field) is not null))
            {
                section[field] = paths.Map(section.Text(field)!);
            }
        }

        File.WriteAllText(file, Encoding.UTF8.GetString(StoredObject.Write(config)));
        return null;
    }
}
