using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>The finer points of RBAC, with which a role of least privilege stands and falls.</summary>
public sealed class RbacTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string WritesRoles = """
        {"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings"],"verbs":["create","get","patch"]}
        """;

    private const string ReadsPods = """{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}""";

    [Fact]
    public async Task Nobody_writes_a_role_with_more_than_they_have()
    {
        var token = await AccountAsync("r1", WritesRoles, ReadsPods);

        Assert.Equal("Role", (string?)(await sandbox.PostAsync($"{Rbac}/namespaces/r1/roles", Role("less", ReadsPods),
            Cancel, token))["kind"]);
        var refused = await sandbox.PostAsync($"{Rbac}/namespaces/r1/roles", Role("more", """
            {"apiGroups":[""],"resources":["pods","secrets"],"verbs":["get","delete"]}
            """), Cancel, token);

        Assert.Equal(403, (int?)refused["code"]);
        Assert.Equal(
            "roles.rbac.authorization.k8s.io \"more\" is forbidden: user \"system:serviceaccount:r1:bot\" "
            + "(groups=[\"system:serviceaccounts\" \"system:serviceaccounts:r1\" \"system:authenticated\"]) is attempting "
            + "to grant RBAC permissions not currently held:\n"
            + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"delete\"]}\n"
            + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"delete\"]}", (string?)refused["message"]);
        var patch = $$$"""{"rules":[{{{ReadsPods.Replace("get", "*", StringComparison.Ordinal)}}}]}""";
        Assert.Equal(403, (int?)(await PatchAsync($"{Rbac}/namespaces/r1/roles/less", patch, token))["code"]);
        const string Owner = """
            {"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"Secret","name":"s","uid":"1"}]}}
            """;
        Assert.Equal("Role", (string?)(await PatchAsync($"{Rbac}/namespaces/r1/roles/less", Owner, token))["kind"]);
    }

    [Fact]
    public async Task A_role_is_bound_by_whoever_has_all_of_it_or_may_bind_that_very_role()
    {
        const string BindsAdmin = """
            {"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["bind"],
            "resourceNames":["admin"]}
            """;
        var plain = await AccountAsync("b1", WritesRoles, ReadsPods);
        var binder = await AccountAsync("b2", WritesRoles, BindsAdmin);

        Assert.Contains("attempting to grant RBAC permissions not currently held",
            (string?)(await BindAsync("b1", "admin", plain))["message"]);
        Assert.Equal("clusterroles.rbac.authorization.k8s.io \"none\" not found",
            (string?)(await BindAsync("b1", "none", plain))["message"]);
        Assert.Equal("RoleBinding", (string?)(await BindAsync("b2", "admin", binder))["kind"]);
        Assert.Equal(403, (int?)(await BindAsync("b2", "cluster-admin", binder))["code"]);
        Assert.Equal(403, (int?)(await BindAsync("b1", "admin", binder))["code"]);
    }

    [Fact]
    public async Task The_admin_of_a_namespace_does_not_get_beyond_it()
    {
        var token = await AccountAsync("a1", WritesRoles);
        await sandbox.PostAsync($"{Rbac}/namespaces/a1/rolebindings", Binding("all", "ClusterRole", "admin", "a1"), Cancel);

        Assert.Equal("RoleBinding", (string?)(await BindAsync("a1", "edit", token))["kind"]);
        var refused = await sandbox.PostAsync($"{Rbac}/namespaces/a1/roles",
            Role("any", """{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}"""), Cancel, token);
        Assert.Equal(403, (int?)refused["code"]);
    }

    [Fact]
    public async Task A_role_with_names_is_for_these_names_alone()
    {
        var token = await AccountAsync("n1",
            """{"apiGroups":[""],"resources":["secrets"],"verbs":["get","list","create"],"resourceNames":["one"]}""",
            """{"apiGroups":[""],"resources":["serviceaccounts/token"],"verbs":["create"],"resourceNames":["bot"]}""",
            """{"apiGroups":[""],"resources":["configmaps"],"verbs":["patch"]}""");
        await sandbox.PostAsync("/api/v1/namespaces/n1/secrets", """{"metadata":{"name":"one"}}""", Cancel);

        const string Secrets = "/api/v1/namespaces/n1/secrets";
        Assert.Equal("Secret", (string?)(await sandbox.GetAsync($"{Secrets}/one", Cancel, token))["kind"]);
        Assert.Equal("SecretList", (string?)(await sandbox.GetAsync(
            $"{Secrets}?fieldSelector=metadata.name%3Done", Cancel, token))["kind"]);
        Assert.Equal(403, (int?)(await sandbox.GetAsync($"{Secrets}/two", Cancel, token))["code"]);
        Assert.Equal(403, (int?)(await sandbox.GetAsync(Secrets, Cancel, token))["code"]);
        var created = await sandbox.PostAsync(Secrets, """{"metadata":{"name":"one"}}""", Cancel, token);
        Assert.Equal(403, (int?)created["code"]);

        const string Accounts = "/api/v1/namespaces/n1/serviceaccounts";
        var own = await sandbox.PostAsync($"{Accounts}/bot/token", "{}", Cancel, token);
        Assert.Equal("TokenRequest", (string?)own["kind"]);
        Assert.Equal(
            "serviceaccounts \"default\" is forbidden: User \"system:serviceaccount:n1:bot\" cannot create resource "
            + "\"serviceaccounts/token\" in API group \"\" in the namespace \"n1\"",
            (string?)(await sandbox.PostAsync($"{Accounts}/default/token", "{}", Cancel, token))["message"]);

        // What is applied and not there yet is created.
        var applied = await sandbox.SendAsync(HttpMethod.Patch, "/api/v1/namespaces/n1/configmaps/new?fieldManager=t",
            """{"apiVersion":"v1","kind":"ConfigMap"}""", Cancel, "application/apply-patch+yaml", token);
        Assert.Equal(403, (int?)applied["code"]);
    }

    [Fact]
    public async Task A_role_gathers_those_with_its_label_and_only_who_has_everything_makes_such_a_role()
    {
        const string Writes = """
            {"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["create"]}
            """;
        var token = await AccountAsync("g1", ReadsPods);
        await sandbox.PostAsync($"{Rbac}/clusterroles", Role("writes-roles", Writes), Cancel);
        await sandbox.PostAsync(
            $"{Rbac}/clusterrolebindings", Binding("writes-roles", "ClusterRole", "writes-roles", "g1"), Cancel);
        await sandbox.PostAsync($"{Rbac}/clusterrolebindings", Binding("views", "ClusterRole", "view", "g1"), Cancel);
        Assert.Equal(403, (int?)(await sandbox.GetAsync("/api/v1/nodes", Cancel, token))["code"]);

        await sandbox.PostAsync($"{Rbac}/clusterroles", """
            {"metadata":{"name":"nodes","labels":{"rbac.authorization.k8s.io/aggregate-to-view":"true"}},
            "rules":[{"apiGroups":[""],"resources":["nodes"],"verbs":["list"]}]}
            """, Cancel);
        Assert.Equal("NodeList", (string?)(await sandbox.GetAsync("/api/v1/nodes", Cancel, token))["kind"]);

        var refused = await sandbox.PostAsync($"{Rbac}/clusterroles", """
            {"metadata":{"name":"mine"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"any":"thing"}}]}}
            """, Cancel, token);
        Assert.Equal("clusterroles.rbac.authorization.k8s.io \"mine\" is forbidden: must have cluster-admin privileges "
            + "to use the aggregationRule", (string?)refused["message"]);
    }

    [Fact]
    public async Task Only_who_may_impersonate_acts_as_somebody_else()
    {
        var token = await AccountAsync("i1", ReadsPods);

        Assert.Equal("users \"admin\" is forbidden: User \"system:serviceaccount:i1:bot\" cannot impersonate resource "
            + "\"users\" in API group \"\" at the cluster scope", (string?)(await AsAsync("admin", token))["message"]);
        Assert.Equal(403, (int?)(await AsAsync("admin", token, "system:masters"))["code"]);
        Assert.Equal("PodList", (string?)(await AsAsync("system:serviceaccount:i1:bot", sandbox.AdminToken))["kind"]);
        Assert.Equal(403, (int?)(await AsAsync("system:serviceaccount:i2:bot", sandbox.AdminToken))["code"]);
        Assert.Equal("PodList", (string?)(await AsAsync("bob", sandbox.AdminToken, "system:masters"))["kind"]);

        var me = await sandbox.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", Cancel, token);
        Assert.Equal("system:serviceaccount:i1:bot", (string?)me["status"]!["userInfo"]!["username"]);
    }

    private async Task<JsonNode> AsAsync(string user, string token, string? group = null)
    {
        using var client = sandbox.Client(token);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/namespaces/i1/pods", UriKind.Relative));
        request.Headers.Add("Impersonate-User", user);
        if (group is not null)
        {
            request.Headers.Add("Impersonate-Group", group);
        }

        using var response = await client.SendAsync(request, Cancel);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
    }

    /// <summary>A token of <c>bot</c>, which has these rules in its namespace.</summary>
    private async Task<string> AccountAsync(string ns, params string[] rules)
    {
        await sandbox.CreateNamespaceAsync(ns, Cancel);
        await sandbox.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"bot"}}""", Cancel);
        await sandbox.PostAsync($"{Rbac}/namespaces/{ns}/roles", Role("bot", rules), Cancel);
        await sandbox.PostAsync($"{Rbac}/namespaces/{ns}/rolebindings", Binding("bot", "Role", "bot", ns), Cancel);
        var answer = await sandbox.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/bot/token", "{}", Cancel);
        return (string)answer["status"]!["token"]!;
    }

    private Task<JsonNode> BindAsync(string ns, string role, string token) => sandbox.PostAsync(
        $"{Rbac}/namespaces/{ns}/rolebindings", Binding($"to-{role}", "ClusterRole", role, ns), Cancel, token);

    private Task<JsonNode> PatchAsync(string path, string json, string token) =>
        sandbox.SendAsync(HttpMethod.Patch, path, json, Cancel, "application/merge-patch+json", token);

    private static string Role(string name, params string[] rules) =>
        $$$"""{"metadata":{"name":"{{{name}}}"},"rules":[{{{string.Join(',', rules)}}}]}""";

    private static string Binding(string name, string kind, string role, string ns) => $$$"""
        {"metadata":{"name":"{{{name}}}"},"roleRef":{"kind":"{{{kind}}}","name":"{{{role}}}"},
        "subjects":[{"kind":"ServiceAccount","name":"bot","namespace":"{{{ns}}}"}]}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
