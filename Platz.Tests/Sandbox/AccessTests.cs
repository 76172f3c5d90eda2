using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

public sealed class AccessTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    [Fact]
    public async Task A_service_account_has_the_rights_of_its_bindings_and_no_others()
    {
        var token = await AccountAsync("red", "admin");

        Assert.Equal("SecretList",
            (string?)(await sandbox.GetAsync("/api/v1/namespaces/red/secrets", Cancel, token))["kind"]);
        Assert.Equal("Secret", (string?)(await sandbox.PostAsync(
            "/api/v1/namespaces/red/secrets", """{"metadata":{"name":"s"}}""", Cancel, token))["kind"]);
        Assert.Equal("Namespace", (string?)(await sandbox.GetAsync("/api/v1/namespaces/red", Cancel, token))["kind"]);
        foreach (var path in (string[])["/api/v1/namespaces/default/secrets", "/api/v1/secrets", "/api/v1/namespaces",
            "/api/v1/nodes"])
        {
            Assert.Equal(403, (int?)(await sandbox.GetAsync(path, Cancel, token))["code"]);
        }

        var refused = await sandbox.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"more"}}""", Cancel, token);
        Assert.Equal(
            "namespaces is forbidden: User \"system:serviceaccount:red:bot\" cannot create resource \"namespaces\" "
            + "in API group \"\" at the cluster scope", (string?)refused["message"]);
        Assert.Equal(403, (int?)(await sandbox.GetAsync("/sandbox/ledger", Cancel, token))["code"]);
    }

    [Fact]
    public async Task View_reads_everything_but_secrets()
    {
        var token = await AccountAsync("blue", "view");

        Assert.Equal("PodList",
            (string?)(await sandbox.GetAsync("/api/v1/namespaces/blue/pods", Cancel, token))["kind"]);
        Assert.Equal(403, (int?)(await sandbox.GetAsync("/api/v1/namespaces/blue/secrets", Cancel, token))["code"]);
        Assert.Equal(403, (int?)(await sandbox.PostAsync(
            "/api/v1/namespaces/blue/configmaps", """{"metadata":{"name":"c"}}""", Cancel, token))["code"]);
    }

    [Fact]
    public async Task A_token_dies_with_its_account_and_forged_ones_never_lived()
    {
        var token = await AccountAsync("grey", "admin");
        Assert.Equal(401, (int?)(await sandbox.GetAsync("/api/v1/namespaces", Cancel, token[..^2] + "xx"))["code"]);
        Assert.Equal(401, (int?)(await sandbox.GetAsync("/version", Cancel, "nonsense"))["code"]);

        await sandbox.DeleteAsync("/api/v1/namespaces/grey/serviceaccounts/bot", Cancel);

        Assert.Equal(401, (int?)(await sandbox.GetAsync("/api/v1/namespaces/grey/pods", Cancel, token))["code"]);
    }

    [Fact]
    public async Task Short_tokens_are_refused()
    {
        var refused = await sandbox.PostAsync("/api/v1/namespaces/default/serviceaccounts/default/token",
            """{"spec":{"expirationSeconds":60}}""", Cancel);

        Assert.Equal(422, (int?)refused["code"]);
    }

    [Fact]
    public async Task Restricted_namespaces_refuse_what_the_profile_forbids()
    {
        await sandbox.PostAsync("/api/v1/namespaces", """
            {"metadata":{"name":"tight","labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}
            """, Cancel);
        const string Loose = """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}]}}""";
        const string Tight = """
            {"metadata":{"name":"p"},"spec":{"securityContext":{"runAsNonRoot":true,
            "seccompProfile":{"type":"RuntimeDefault"}},
            "containers":[{"name":"c","image":"x:1","securityContext":{"allowPrivilegeEscalation":false,
            "capabilities":{"drop":["ALL"]}}}]}}
            """;

        var refused = await sandbox.PostAsync("/api/v1/namespaces/tight/pods", Loose, Cancel);

        Assert.Equal(403, (int?)refused["code"]);
        Assert.StartsWith("pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": "
            + "allowPrivilegeEscalation != false", (string?)refused["message"], StringComparison.Ordinal);
        Assert.Equal("Pod", (string?)(await sandbox.PostAsync("/api/v1/namespaces/tight/pods", Tight, Cancel))["kind"]);
    }

    private async Task<string> AccountAsync(string ns, string role)
    {
        await sandbox.CreateNamespaceAsync(ns, Cancel);
        await sandbox.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"bot"}}""", Cancel);
        await sandbox.PostAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings", $$$"""
            {"metadata":{"name":"bot"},"roleRef":{"kind":"ClusterRole","name":"{{{role}}}"},
            "subjects":[{"kind":"ServiceAccount","name":"bot","namespace":"{{{ns}}}"}]}
            """, Cancel);
        var request = await sandbox.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/bot/token", "{}", Cancel);
        return (string)request["status"]!["token"]!;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
