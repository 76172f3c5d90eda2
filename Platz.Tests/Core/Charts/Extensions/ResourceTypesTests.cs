using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Core.Charts.Extensions;

public sealed class ResourceTypesTests
{
    private const string Head = "- apiVersion: platz.io/v1beta1\n  kind: ResourceType\n";
    private const string Names = "name_singular: A, name_plural: B, fontawesome_icon: c";

    [Fact]
    public void A_resource_type_is_read()
    {
        var type = Schemas.Read(resources: Everything.Resources).ResourceTypes.Single();

        Assert.True(type is
        {
            Key: "bucket", NameSingular: "Bucket", NamePlural: "Buckets", FontawesomeIcon: "bucket", Global: true,
            Delete: null,
        });
        Assert.Equal("name", type.Form.Inputs.Single().Id);
        Assert.Equal(new LifecycleAction(ActionRole.Owner, new HttpTarget("/buckets", HttpVerb.POST)), type.Create);
        Assert.Equal(new LifecycleAction(null, null), type.Update);
    }

    [Theory]
    [InlineData("key: a\n  spec: {}", "line 4: \"name_singular\" is missing.")]
    [InlineData("spec: {}", "line 1: \"key\" is missing.")]
    [InlineData("key: a", "line 1: \"spec\" is missing.")]
    [InlineData($"key: a\n  spec: {{ {Names} }}", "line 4: \"values_ui\" is missing.")]
    [InlineData($"key: a\n  spec: {{ {Names}, values_ui: {{ apiVersion: platz.io/v1beta1, inputs: [] }} }}",
        "line 4: \"apiVersion\" is not known here. Known are inputs, outputs.")]
    [InlineData(
        $"key: a\n  spec: {{ {Names}, values_ui: {{ inputs: [] }}, lifecycle: {{ create: {{ allowed_role: User }} }} }}",
        "line 4: \"allowed_role\" must be one of Maintainer, Owner, not \"User\".")]
    [InlineData(
        $"key: a\n  spec: {{ {Names}, values_ui: {{ inputs: [] }}, lifecycle: {{ delete: {{ target: {{}} }} }} }}",
        "line 4: \"endpoint\" is missing.")]
    [InlineData($"key: a\n  spec: {{ {Names}, values_ui: {{ inputs: [] }} }}\n{Head}  key: a",
        "line 7: The resource type \"a\" is there twice.")]
    public void A_wrong_type_is_said_with_its_line(string rest, string reason) => Assert.Equal(
        $"platz/resources.yaml, {reason}", Schemas.Broken(() => Schemas.Read(resources: $"{Head}  {rest}")));
}
