using System.Text;
using System.Text.Json.Nodes;

namespace Platz.Runner.Helm;

/// <summary>What one Helm run reads: mounted from a Secret that the pod owns, never in its environment.</summary>
internal sealed record HelmFiles(string Token, string? CaCertificate)
{
    private static readonly JsonObject s_empty = [];

    /// <summary>JSON is YAML.</summary>
    public JsonObject Values { get; init; } = s_empty;

    public JsonObject Override { get; init; } = s_empty;

    public RegistryCredentials? Registry { get; init; }

    /// <summary>What of it must never appear in a log.</summary>
    public IEnumerable<string> Secrets => Registry is null ? [Token] : [Token, Registry.Password];

    public Dictionary<string, byte[]> ToSecretData(string release) => new()
    {
        ["values.yaml"] = Encoding.UTF8.GetBytes(Values.ToJsonString()),
        ["override.yaml"] = Encoding.UTF8.GetBytes(Override.ToJsonString()),
        ["registry.json"] = Encoding.UTF8.GetBytes(RegistryConfig().ToJsonString()),
        ["kubeconfig"] = Encoding.UTF8.GetBytes(Kubeconfig(release).ToJsonString()),
    };

    /// <summary>The pod is in its cluster: it reaches the API server by its service name.</summary>
    private JsonObject Kubeconfig(string ns)
    {
        var cluster = new JsonObject { ["server"] = "https://kubernetes.default.svc" };
        if (CaCertificate is not null)
        {
            cluster["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(CaCertificate));
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = "platz",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "platz", ["cluster"] = cluster }),
            ["users"] = new JsonArray(new JsonObject
            {
                ["name"] = "platz",
                ["user"] = new JsonObject { ["token"] = Token },
            }),
            ["contexts"] = new JsonArray(new JsonObject
            {
                ["name"] = "platz",
                ["context"] = new JsonObject { ["cluster"] = "platz", ["user"] = "platz", ["namespace"] = ns },
            }),
        };
    }

    private JsonObject RegistryConfig() => Registry is null
        ? []
        : new JsonObject
        {
            ["auths"] = new JsonObject
            {
                [Registry.Host] = new JsonObject
                {
                    ["auth"] = Convert.ToBase64String(
                        Encoding.UTF8.GetBytes($"{Registry.Username}:{Registry.Password}")),
                },
            },
        };
}

internal sealed record RegistryCredentials(string Host, string Username, string Password);
