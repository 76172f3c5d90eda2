using System.Text.Json.Nodes;
using Platz.Core.Tasks;

namespace Platz.Tests.Core.Tasks;

/// <summary>The stored and served form, as existing clients know it.</summary>
public sealed class OperationJsonTests
{
    private const string Id = "01a20a7a-37f3-7553-bbd3-b78f45410a0e";

    [Theory]
    [InlineData($$$$"""
        {"Install":{"helm_chart_id":"{{{{Id}}}}","config_inputs":{"replicas":2},"values_override":{"x":1}}}
        """)]
    [InlineData($$$$"""
        {"Upgrade":{"helm_chart_id":"{{{{Id}}}}","prev_helm_chart_id":null,"config_inputs":{},
        "config_delta":{"replicas":[2,3]},"values_override":null,"values_override_delta":null}}
        """)]
    [InlineData("""
        {"Reinstall":{"reason":"secret x changed","causes":[],
        "helm_chart_id":null,"config_inputs":null,"values_override":null}}
        """)]
    [InlineData($$$$"""
        {"Recreate":{"old_cluster_id":"{{{{Id}}}}","old_namespace":"a","new_cluster_id":"{{{{Id}}}}","new_namespace":"b",
        "helm_chart_id":"{{{{Id}}}}","config_inputs":{},"values_override":null,"prev_helm_chart_id":"{{{{Id}}}}",
        "config_delta":{"replicas":[2,3]},"values_override_delta":{}}}
        """)]
    [InlineData("""{"Uninstall":{}}""")]
    [InlineData($$$$"""{"InvokeAction":{"helm_chart_id":"{{{{Id}}}}","action_id":"reindex","body":{"force":true}}}""")]
    [InlineData($$$$"""
        {"RestartK8sResource":{"resource_id":"{{{{Id}}}}","resource_name":"shop-web","resource_kind":"Pod"}}
        """)]
    public void An_operation_is_written_as_it_was_read(string json) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(OperationJson.Write(OperationJson.Parse(json)))));

    [Fact]
    public void An_operation_of_upstream_without_our_extra_keys_is_read()
    {
        var upgrade = Assert.IsType<Upgrade>(OperationJson.Parse(
            $$$$"""{"Upgrade":{"helm_chart_id":"{{{{Id}}}}","prev_helm_chart_id":null,"config_inputs":{}}}"""));
        Assert.Null(upgrade.ValuesOverrideDelta);
    }

    [Fact]
    public void A_move_that_an_earlier_version_queued_is_read() => Assert.False(Assert.IsType<Recreate>(
        OperationJson.Parse($$$$"""
            {"Recreate":{"old_cluster_id":"{{{{Id}}}}","old_namespace":"a","new_cluster_id":"{{{{Id}}}}","new_namespace":"b",
            "helm_chart_id":"{{{{Id}}}}","config_inputs":{},"values_override":null}}
            """)).ChangesMore);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Install":{}}""")]
    [InlineData("""{"Install":null}""")]
    [InlineData("""{"Teleport":{"to":"moon"}}""")]
    [InlineData("""{"Install":{"helm_chart_id":1}}""")]
    [InlineData("""{"Uninstall":{},"Install":{}}""")]
    public void What_cannot_be_read_is_kept_and_never_thrown(string json) =>
        Assert.IsType<UnreadableOperation>(OperationJson.Parse(json));

    [Fact]
    public void A_thousandfold_nested_operation_is_kept_and_never_thrown() =>
        Assert.IsType<UnreadableOperation>(OperationJson.Parse(string.Concat(
            """{"InvokeAction":{"body":""", string.Concat(Enumerable.Repeat("{\"a\":", 7000)), "1")));
}
