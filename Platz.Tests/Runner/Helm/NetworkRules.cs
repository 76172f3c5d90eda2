using System.Net;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Tests.Runner.Helm;

/// <summary>What NetworkPolicies of one namespace let through, by the rules of Kubernetes.</summary>
internal sealed class NetworkRules(IReadOnlyList<JsonObject> policies)
{
    /// <summary>One end of a connection: an address, and the pod behind it where there is one.</summary>
    public sealed record Peer(string Address, JsonObject? Namespace = null, JsonObject? Pod = null)
    {
        public static Peer PodOf(string address, string ns, string label, string value) => new(
            address, Labelled("kubernetes.io/metadata.name", ns), Labelled(label, value));

        private static JsonObject Labelled(string key, string value) =>
            new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [key] = value } } };
    }

    public bool LetsOut(JsonObject pod, Peer to, int port, string protocol) =>
        Lets("Egress", "egress", "to", pod, to, (port, protocol));

    public bool LetsIn(JsonObject pod, Peer from, int port, string protocol) =>
        Lets("Ingress", "ingress", "from", pod, from, (port, protocol));

    /// <summary>A pod that no policy selects is open; one that some select is open for what any of them lets through.</summary>
    private bool Lets(string type, string rules, string ends, JsonObject pod, Peer peer, (int, string) port)
    {
        var ours = policies.Where(policy => policy.Texts("spec", "policyTypes").Contains(type)
            && LabelSelector.Of(policy.Object("spec", "podSelector"))!.Matches(pod)).ToList();
        return ours.Count == 0 || ours.SelectMany(policy => policy.Objects("spec", rules)).Any(rule =>
            (!rule.Objects(ends).Any() || rule.Objects(ends).Any(end => Fits(end, peer)))
            && (!rule.Objects("ports").Any() || rule.Objects("ports").Any(open => Fits(open, port))));
    }

    private static bool Fits(JsonObject open, (int Number, string Protocol) port) =>
        (open.Text("protocol") ?? "TCP") == port.Protocol
        && (open.Number("port") is not { } first
            || (port.Number >= first && port.Number <= (open.Number("endPort") ?? first)));

    private static bool Fits(JsonObject end, Peer peer)
    {
        if (end.Object("ipBlock") is { } block)
        {
            var address = IPAddress.Parse(peer.Address);
            return IPNetwork.Parse(block.Text("cidr")!).Contains(address)
                && !block.Texts("except").Any(except => IPNetwork.Parse(except).Contains(address));
        }

        var (spaces, pods) = (LabelSelector.Of(end.Object("namespaceSelector")), LabelSelector.Of(end.Object("podSelector")));
        return peer is { Namespace: { } ns, Pod: { } pod }
            && (spaces?.Matches(ns) ?? ns.Label("kubernetes.io/metadata.name") == "platz")
            && (pods?.Matches(pod) ?? true);
    }
}
