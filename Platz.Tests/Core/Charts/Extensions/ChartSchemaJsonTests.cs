using System.Text.Json.Nodes;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Core.Charts.Extensions;

public sealed class ChartSchemaJsonTests
{
    [Fact]
    public void What_is_stored_is_read_back_the_same()
    {
        var schema = Schemas.Read(
            Everything.ValuesUi, Everything.Actions, Everything.Features, Everything.Resources);

        var chart = Stored(schema);

        Assert.Equal(Schemas.Dump(schema), Schemas.Dump(ChartSchema.Of(chart)));
        Assert.False(chart.ReinstallDependencies);
    }

    [Fact]
    public void A_chart_that_says_nothing_has_the_usual_features()
    {
        var chart = Stored(ChartSchema.None);

        Assert.Equal(Schemas.Dump(ChartSchema.None), Schemas.Dump(ChartSchema.Of(chart)));
        Assert.Null(chart.ValuesUi);
        Assert.Null(chart.ActionsSchema);
        Assert.Null(chart.ResourceTypes);
        Assert.Equal("platz.io/v1beta2", chart.Features!["apiVersion"]!.GetValue<string>());
        Assert.True(chart.ReinstallDependencies);
    }

    [Fact]
    public void Of_a_chart_without_any_there_is_nothing() =>
        Assert.Equal(Schemas.Dump(ChartSchema.None), Schemas.Dump(ChartSchema.Of(NewChart())));

    [Fact]
    public void An_input_is_written_as_the_clients_know_it()
    {
        var form = Stored(Schemas.Form(Everything.ValuesUi)).ValuesUi!;

        Assert.Equal(("platz.io/v1beta1", "ValuesUi"),
            (form["apiVersion"]!.GetValue<string>(), form["kind"]!.GetValue<string>()));
        AssertJson("""
            { "id": "replicas", "type": "number", "label": "Replicas", "initialValue": 2.5, "required": false,
              "sensitive": false, "minimum": "1", "maximum": "10.5", "step": "0.5" }
            """, form["inputs"]![1]);
        AssertJson("""
            { "id": "bucket", "type": "array", "itemType": "CollectionSelect",
              "collection": { "deployment": "Storage", "type": "bucket" }, "label": "Buckets", "required": false,
              "sensitive": false, "showIfAll": [{ "field": "tls", "value": true }] }
            """, form["inputs"]![8]);
        AssertJson("""
            { "values": [
                { "path": ["motd"], "value": { "FieldValue": { "input": "motd" } } },
                { "path": ["env", "[+]", "value"],
                  "value": { "FieldProperty": { "input": "db", "property": "name" } } }],
              "secrets": { "app": {
                "motd": { "FieldValue": { "input": "motd" } },
                "pass": { "FieldProperty": { "input": "creds", "property": "contents" } } } } }
            """, form["outputs"]);
    }

    [Fact]
    public void Legacy_files_are_written_in_the_newest_format()
    {
        var chart = Stored(Schemas.Legacy(
            """{ "inputs": [] }""",
            """
            { "schema_version": 1, "actions": [{
                "id": "a", "title": "A", "description": "B", "allowed_role": "Owner",
                "endpoint": "standard_ingress", "path": "/a", "method": "PUT" }] }
            """,
            """{ "standard_ingress": true }"""));

        AssertJson("""
            { "apiVersion": "platz.io/v1beta1", "kind": "ValuesUi", "inputs": [],
              "outputs": { "values": [], "secrets": {} } }
            """, chart.ValuesUi);
        AssertJson("""
            [{ "apiVersion": "platz.io/v1beta1", "kind": "Action", "spec": {
                "id": "a", "title": "A", "description": "B", "allowed_role": "Owner", "allowed_on_statuses": [],
                "fontawesome_icon": null, "dangerous": false, "endpoint": "standard_ingress", "path": "/a",
                "method": "PUT", "ui_schema": null } }]
            """, chart.ActionsSchema);
        AssertJson("""
            { "apiVersion": "platz.io/v1beta2", "kind": "Features", "spec": {
                "ingress": { "enabled": true, "hostname_format": "KindAndName" }, "status": null,
                "cardinality": "Many", "reinstall_dependencies": true, "node_selector_paths": [],
                "tolerations_paths": [], "display": { "name": "DeploymentName", "icon": null } } }
            """, chart.Features);
    }

    [Fact]
    public void A_resource_type_is_written_as_the_clients_know_it() => AssertJson("""
        [{ "apiVersion": "platz.io/v1beta1", "kind": "ResourceType", "key": "bucket", "spec": {
            "name_singular": "Bucket", "name_plural": "Buckets", "fontawesome_icon": "bucket", "global": true,
            "values_ui": {
                "inputs": [{ "id": "name", "type": "text", "label": "Name", "required": false, "sensitive": false }],
                "outputs": { "values": [], "secrets": {} } },
            "lifecycle": {
                "create": { "allowed_role": "Owner",
                    "target": { "endpoint": "standard_ingress", "path": "/buckets", "method": "POST" } },
                "update": { "allowed_role": null, "target": null }, "delete": null } } }]
        """, Stored(Schemas.Read(resources: Everything.Resources)).ResourceTypes);

    private static void AssertJson(string expected, JsonNode? actual) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());

    /// <summary>The columns by way of their text, as the database gives them back.</summary>
    private static Chart Stored(ChartSchema schema)
    {
        var chart = NewChart();
        ChartSchemaJson.Write(chart, schema);
        chart.ValuesUi = Again(chart.ValuesUi)?.AsObject();
        chart.ActionsSchema = Again(chart.ActionsSchema)?.AsArray();
        chart.Features = Again(chart.Features)?.AsObject();
        chart.ResourceTypes = Again(chart.ResourceTypes)?.AsArray();
        return chart;
    }

    private static JsonNode? Again(JsonNode? json) => json is null ? null : JsonNode.Parse(json.ToJsonString());

    private static Chart NewChart() => new()
    {
        CreatedAt = DateTimeOffset.UnixEpoch,
        HelmRegistryId = Guid.Empty,
        ImageDigest = "",
        ImageTag = "",
        ChartName = "",
    };
}
