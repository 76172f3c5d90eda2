using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store.Admission;

/// <summary>Addresses and defaults of services.</summary>
internal static class ServiceDefaults
{
    public static void Apply(JsonObject json)
    {
        var spec = json.Ensure("spec");
        spec.Default("type", "ClusterIP");
        foreach (var port in spec.Objects("ports"))
        {
            port.Default("protocol", "TCP");
            port.Default("targetPort", port["port"]?.DeepClone());
            if (spec.Text("type") is "NodePort" or "LoadBalancer")
            {
                port.Default("nodePort", RandomNumberGenerator.GetInt32(30000, 32768));
            }
        }

        spec.Default("sessionAffinity", "None");
        if (spec.Text("type") != "ExternalName")
        {
            GiveAddress(spec);
        }

        json.Ensure("status").Default("loadBalancer", Balancer(spec));
    }

    private static void GiveAddress(JsonObject spec)
    {
        spec.Default("clusterIP",
            $"10.96.{RandomNumberGenerator.GetInt32(0, 255)}.{RandomNumberGenerator.GetInt32(2, 255)}");
        spec.Default("clusterIPs", new JsonArray(spec.Text("clusterIP")));
        spec.Default("ipFamilies", new JsonArray("IPv4"));
        spec.Default("ipFamilyPolicy", "SingleStack");
        spec.Default("internalTrafficPolicy", "Cluster");
        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            spec.Default("externalTrafficPolicy", "Cluster");
        }
    }

    /// <summary>helm --wait waits for the address of a load balancer.</summary>
    private static JsonObject Balancer(JsonObject spec) => spec.Text("type") == "LoadBalancer"
        ? new JsonObject { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = "127.0.0.1" }) }
        : [];
}
