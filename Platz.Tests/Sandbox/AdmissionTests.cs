using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

public sealed class AdmissionTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    private const string Api = "/apis/admissionregistration.k8s.io/v1";

    [Fact]
    public async Task A_policy_refuses_what_its_expression_does_not_hold_for()
    {
        await PolicyAsync("named", "has(object.metadata.labels) && object.metadata.labels.team == 'red'", "no team", "Forbidden");
        await BindAsync("named");
        await sandbox.CreateNamespaceAsync("adm1", Cancel);

        var refused = await MapAsync("""{"metadata":{"name":"m","labels":{"team":"blue"}}}""");

        Assert.Equal((403, "Forbidden"), ((int?)refused["code"], (string?)refused["reason"]));
        Assert.Equal("configmaps \"m\" is forbidden: ValidatingAdmissionPolicy 'named' with binding 'named' denied "
            + "request: no team", (string?)refused["message"]);
        // A field that is not there makes an expression fail, and what fails is refused.
        Assert.Contains("resulted in error", (string?)(await MapAsync(
            """{"metadata":{"name":"m","labels":{"other":"x"}}}"""))["message"]);
        Assert.Equal("ConfigMap", (string?)(await MapAsync(
            """{"metadata":{"name":"m","labels":{"team":"red"}}}"""))["kind"]);
        var changed = await sandbox.PatchAsync("/api/v1/namespaces/adm1/configmaps/m", "merge-patch+json",
            """{"metadata":{"labels":{"team":"blue"}}}""", Cancel);
        Assert.Equal(403, (int?)changed["code"]);

        // It is nobody's until it is bound, and not of those whom its condition leaves out.
        await PolicyAsync("unbound", "false", "never", "Forbidden");
        Assert.Equal("Status", (string?)(await sandbox.DeleteAsync("/api/v1/namespaces/adm1/configmaps/m", Cancel))["kind"]);
        await sandbox.DeleteAsync($"{Api}/validatingadmissionpolicybindings/named", Cancel);
        await PolicyAsync("others", "false", "never", "Invalid", "request.userInfo.username != 'admin'");
        await BindAsync("others");
        Assert.Equal("ConfigMap", (string?)(await MapAsync("""{"metadata":{"name":"m"}}"""))["kind"]);
    }

    [Fact]
    public async Task What_is_not_evaluated_is_not_taken()
    {
        var refused = await sandbox.PostAsync($"{Api}/validatingadmissionpolicies", """
            {"metadata":{"name":"params"},"spec":{"paramKind":{"apiVersion":"v1","kind":"ConfigMap"},
            "matchConstraints":{"namespaceSelector":{}},"validations":[{"expression":"true"}]}}
            """, Cancel);

        Assert.Equal(422, (int?)refused["code"]);
        Assert.Contains("spec.paramKind", (string?)refused["message"]);
        Assert.Contains("namespaceSelector", (string?)refused["message"]);
    }

    private async Task PolicyAsync(string name, string expression, string message, string reason, string condition = "true")
    {
        var made = await sandbox.PostAsync($"{Api}/validatingadmissionpolicies", $$$"""
            {"metadata":{"name":"{{{name}}}"},"spec":{"failurePolicy":"Fail",
            "matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],
            "operations":["CREATE","UPDATE"],"resources":["configmaps"]}]},
            "matchConditions":[{"name":"c","expression":"{{{condition}}}"}],
            "validations":[{"expression":"{{{expression}}}","message":"{{{message}}}","reason":"{{{reason}}}"}]}}
            """, Cancel);
        Assert.Equal("ValidatingAdmissionPolicy", (string?)made["kind"]);
    }

    private async Task BindAsync(string policy) => await sandbox.PostAsync(
        $"{Api}/validatingadmissionpolicybindings",
        $$$"""{"metadata":{"name":"{{{policy}}}"},"spec":{"policyName":"{{{policy}}}","validationActions":["Deny"]}}""", Cancel);

    private Task<System.Text.Json.Nodes.JsonNode> MapAsync(string json) =>
        sandbox.PostAsync("/api/v1/namespaces/adm1/configmaps", json, Cancel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
