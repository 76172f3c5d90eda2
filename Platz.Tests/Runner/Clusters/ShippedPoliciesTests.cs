using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Clusters;

/// <summary>
/// What roles cannot say: where the runner's token binds roles and to whom, and which namespaces it makes and deletes.
/// Each act here is one that the roles allow, so that it is the policies that refuse it.
/// </summary>
public sealed class ShippedPoliciesTests(ShippedCluster cluster) : IClassFixture<ShippedCluster>
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Helm = "ServiceAccount platz-helm shop";
    private const string Runner = "ServiceAccount platz-runner platz-system";
    private const string Where = "Platz binds roles only in namespaces with the label platz=yes";
    private const string Whom = "nothing else";

    [Theory]
    [InlineData("other")]
    [InlineData("kube-system")]
    [InlineData("platz-system")]
    [InlineData("platz")]
    public async Task Roles_are_bound_in_the_namespaces_of_deployments_alone(string ns)
    {
        await RefusesAsync(ns, "admin", $"ServiceAccount platz-helm {ns}", Where);
        await RefusesAsync(ns, "platz-runner-deployment", Runner, Where);
    }

    [Fact]
    public async Task A_namespace_whose_label_says_otherwise_is_none_of_a_deployment()
    {
        await Sandbox.PostAsync(
            "/api/v1/namespaces", """{"metadata":{"name":"unlike","labels":{"platz":"no"}}}""", Cancel);

        await RefusesAsync("unlike", "admin", "ServiceAccount platz-helm unlike", Where);
    }

    [Theory]
    [InlineData("admin", Runner)]
    [InlineData("admin", "ServiceAccount platz-helm other")]
    [InlineData("admin", "ServiceAccount default shop")]
    [InlineData("admin", "User platz-helm shop")]
    [InlineData("admin", "Group platz-helm shop")]
    [InlineData("admin", "User mallory")]
    [InlineData("admin", "Group system:authenticated")]
    [InlineData("admin", $"{Helm}, ServiceAccount default other")]
    [InlineData("admin", $"{Helm}, User mallory")]
    [InlineData("admin", "")]
    [InlineData("platz-runner-deployment", Helm)]
    [InlineData("platz-runner-deployment", "ServiceAccount default platz-system")]
    [InlineData("platz-runner-deployment", "ServiceAccount platz-runner other")]
    [InlineData("platz-runner-deployment", "User platz-runner platz-system")]
    [InlineData("platz-runner-deployment", $"{Runner}, {Helm}")]
    public Task A_role_is_bound_to_the_one_whom_it_is_for(string role, string subjects) =>
        RefusesAsync("shop", role, subjects, Whom);

    /// <summary>A chart has made one of the same name: RBAC lets the runner bind what it holds itself.</summary>
    [Fact]
    public async Task A_role_of_the_namespace_itself_is_not_bound()
    {
        var made = await Sandbox.PostAsync(
            $"{Rbac}/namespaces/shop/roles", """{"metadata":{"name":"admin"},"rules":[]}""", Cancel, cluster.HelmToken);
        Assert.Equal("Role", (string?)made["kind"]);

        await RefusesAsync("shop", "admin", Helm, Whom, kind: "Role");
    }

    [Theory]
    [InlineData("cluster-admin", Helm)] // these the roles refuse already
    [InlineData("edit", Runner)]
    public async Task No_other_role_is_bound(string role, string subject) =>
        Assert.Equal(403, (int?)(await BindAsync("shop", "ClusterRole", role, subject))["code"]);

    [Fact]
    public async Task Nothing_is_bound_in_the_whole_cluster()
    {
        var answer = await Sandbox.PostAsync(
            $"{Rbac}/clusterrolebindings", Binding("ClusterRole", "admin", Runner), Cancel, cluster.RunnerToken);
        Assert.Equal(403, (int?)answer["code"]);
    }

    /// <summary>It may change no binding; where somebody lets it, the same is asked of what comes of it.</summary>
    [Fact]
    public async Task A_binding_that_is_there_is_not_turned_to_others()
    {
        await Sandbox.PostAsync($"{Rbac}/namespaces/shop/roles", """
            {"metadata":{"name":"careless"},"rules":[{"apiGroups":["rbac.authorization.k8s.io"],
            "resources":["rolebindings"],"verbs":["patch"]}]}
            """, Cancel);
        await Sandbox.PostAsync(
            $"{Rbac}/namespaces/shop/rolebindings", Binding("Role", "careless", Runner), Cancel);

        var answer = await Sandbox.SendAsync(
            HttpMethod.Patch, $"{Rbac}/namespaces/shop/rolebindings/platz-helm",
            $$"""{"subjects":[{{Subject(Runner)}}]}""", Cancel, "application/merge-patch+json", cluster.RunnerToken);

        IsRefused(answer, "platz-runner-bindings", Whom);
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","labels":{"team":"red"}}""")]
    [InlineData("""{"name":"x","labels":{"platz":"no"}}""")]
    public async Task A_namespace_without_the_label_is_not_made(string metadata) => IsRefused(
        await MakeAsync(metadata), "platz-runner-namespaces", "that Platz makes have the label platz=yes");

    [Theory]
    [InlineData("pod-security.kubernetes.io/enforce", "privileged")]
    [InlineData("pod-security.kubernetes.io/warn", "privileged")]
    [InlineData("team", "red")]
    public async Task A_namespace_with_labels_that_platz_does_not_give_is_not_made(string label, string value)
    {
        var answer = await MakeAsync($$$"""
            {"name":"x","labels":{"platz":"yes","app.kubernetes.io/managed-by":"platz","{{{label}}}":"{{{value}}}"}}
            """);

        IsRefused(answer, "platz-runner-namespaces", "and no others");
    }

    /// <summary>RBAC lets it delete where its role is bound; here somebody else has bound it.</summary>
    [Theory]
    [InlineData("bare", "{}")]
    [InlineData("denied", """{"platz":"no"}""")]
    public async Task A_namespace_without_the_label_is_not_deleted(string name, string labels)
    {
        await Sandbox.PostAsync(
            "/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}","labels":{{{labels}}}}}""", Cancel);
        var binding = Binding("ClusterRole", "platz-runner-deployment", Runner);
        var bound = await Sandbox.PostAsync($"{Rbac}/namespaces/{name}/rolebindings", binding, Cancel);
        Assert.Equal("RoleBinding", (string?)bound["kind"]);

        var answer = await Sandbox.SendAsync(
            HttpMethod.Delete, $"/api/v1/namespaces/{name}", null, Cancel, token: cluster.RunnerToken);

        IsRefused(answer, "platz-runner-namespaces", "Platz deletes only namespaces with the label platz=yes");
    }

    private SandboxServer Sandbox => cluster.Sandbox;

    /// <param name="subjects">Kind, name and namespace of each, with commas between them.</param>
    private static string Binding(string kind, string role, string subjects) => $$"""
        {"metadata":{"name":"more"},
        "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{kind}}","name":"{{role}}"},
        "subjects":[{{string.Join(',', subjects.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Subject))}}]}
        """;

    private static string Subject(string text)
    {
        var parts = text.Trim().Split(' ');
        var subject = new JsonObject { ["kind"] = parts[0], ["name"] = parts[1] };
        if (parts[0] != "ServiceAccount")
        {
            subject["apiGroup"] = "rbac.authorization.k8s.io";
        }

        if (parts.Length > 2)
        {
            subject["namespace"] = parts[2];
        }

        return subject.ToJsonString();
    }

    private Task<JsonNode> BindAsync(string ns, string kind, string role, string subjects) => Sandbox.PostAsync(
        $"{Rbac}/namespaces/{ns}/rolebindings", Binding(kind, role, subjects), Cancel, cluster.RunnerToken);

    private Task<JsonNode> MakeAsync(string metadata) =>
        Sandbox.PostAsync("/api/v1/namespaces", $$"""{"metadata":{{metadata}}}""", Cancel, cluster.RunnerToken);

    private async Task RefusesAsync(
        string ns, string role, string subjects, string why, string kind = "ClusterRole") =>
        IsRefused(await BindAsync(ns, kind, role, subjects), "platz-runner-bindings", why);

    /// <summary>By the policy, and for that reason.</summary>
    private static void IsRefused(JsonNode answer, string policy, string why)
    {
        Assert.True((403, "Forbidden") == ((int?)answer["code"], (string?)answer["reason"]), $"{answer}");
        Assert.Contains($"ValidatingAdmissionPolicy '{policy}'", (string?)answer["message"]);
        Assert.EndsWith(why, (string?)answer["message"], StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
