using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Platz.Runner;
using Platz.Runner.Helm;
using Platz.Sandbox.Store;
using Platz.Tests.Support;
using Platz.Tests.Web.Tasks;

namespace Platz.Tests.Runner.Helm;

/// <summary>
/// Whom a Helm pod reaches by the policies that are shipped. The sandbox has no network that it could keep a pod from, so
/// they are read here as a cluster's network reads them.
/// </summary>
public sealed class HelmPodNetworkTests
{
    private static readonly RunnerOptions s_options = new();

    private static readonly List<JsonObject> s_policies = [.. ShippedRights.Objects("network.yaml")];

    private static readonly JsonObject s_pod = JsonNode.Parse(KubernetesJson.Serialize(HelmPodSpec.Build(
        "task-1-helm-upgrade", s_options.Namespace, SomeTask.With(), ["upgrade"], s_options)))!.AsObject();

    private readonly NetworkRules _rules = new(s_policies);

    [Fact]
    public void The_policies_are_for_the_namespace_and_the_labels_of_helm_pods()
    {
        Assert.All(s_policies, policy => Assert.Equal(
            ("NetworkPolicy", s_options.Namespace), (policy.Text("kind"), policy.Text("metadata", "namespace"))));
        Assert.All(s_policies, policy =>
            Assert.True(LabelSelector.Of(policy.Object("spec", "podSelector"))!.Matches(s_pod)));
        Assert.Equal(s_options.Namespace, s_pod.Text("metadata", "namespace"));
    }

    [Theory]
    [InlineData("169.254.169.254", 80)] // metadata: AWS, Azure, Google and most others
    [InlineData("169.254.169.254", 443)]
    [InlineData("169.254.170.2", 443)] // credentials of tasks and pods at AWS
    [InlineData("169.254.170.23", 443)]
    [InlineData("fd00:ec2::254", 443)]
    [InlineData("fd00:ec2::23", 443)]
    [InlineData("fd20:ce::254", 443)] // Google by IPv6
    [InlineData("fe80::1", 443)]
    [InlineData("100.100.100.200", 443)] // Alibaba
    [InlineData("168.63.129.16", 443)] // Azure's wire server
    [InlineData("10.0.0.5", 5432)] // a database
    [InlineData("10.0.0.5", 10250)] // a kubelet
    [InlineData("10.0.0.5", 80)]
    [InlineData("203.0.113.7", 22)]
    [InlineData("203.0.113.7", 53)] // names looked up elsewhere carry data away
    public void A_helm_pod_does_not_get_to(string address, int port)
    {
        Assert.False(_rules.LetsOut(s_pod, new NetworkRules.Peer(address), port, "TCP"));
        Assert.False(_rules.LetsOut(s_pod, new NetworkRules.Peer(address), port, "UDP"));
    }

    [Theory]
    [InlineData("10.96.0.1", 443)] // the API server as a service, and behind it
    [InlineData("203.0.113.10", 6443)]
    [InlineData("203.0.113.20", 443)] // a registry
    [InlineData("2001:db8::20", 443)]
    [InlineData("169.254.20.10", 53)] // the DNS cache of the node
    public void A_helm_pod_gets_to(string address, int port) =>
        Assert.True(_rules.LetsOut(s_pod, new NetworkRules.Peer(address), port, "TCP"));

    [Fact]
    public void Of_other_pods_it_reaches_those_that_answer_for_dns()
    {
        var dns = NetworkRules.Peer.PodOf("10.1.0.2", "kube-system", "k8s-app", "kube-dns");
        Assert.True(_rules.LetsOut(s_pod, dns, 53, "UDP"));
        Assert.True(_rules.LetsOut(s_pod, dns, 53, "TCP"));
        Assert.False(_rules.LetsOut(s_pod, dns, 9153, "TCP"));
        Assert.False(_rules.LetsOut(
            s_pod, NetworkRules.Peer.PodOf("10.1.0.3", "other", "k8s-app", "kube-dns"), 53, "UDP"));
        Assert.False(_rules.LetsOut(
            s_pod, NetworkRules.Peer.PodOf("10.1.0.4", "kube-system", "k8s-app", "metrics"), 53, "UDP"));
    }

    [Fact]
    public void Nobody_calls_in_and_a_pod_that_is_not_helms_calls_nobody()
    {
        var neighbour = NetworkRules.Peer.PodOf("10.1.0.9", s_options.Namespace, "any", "thing");
        Assert.False(_rules.LetsIn(s_pod, neighbour, 443, "TCP"));
        Assert.False(_rules.LetsIn(s_pod, new NetworkRules.Peer("203.0.113.7"), 443, "TCP"));
        var stranger = new V1Pod { Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string>() } };
        var json = JsonNode.Parse(KubernetesJson.Serialize(stranger))!.AsObject();
        Assert.False(_rules.LetsOut(json, new NetworkRules.Peer("203.0.113.20"), 443, "TCP"));
    }
}
