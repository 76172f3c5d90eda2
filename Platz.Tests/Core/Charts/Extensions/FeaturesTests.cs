using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Core.Charts.Extensions;

public sealed class FeaturesTests
{
    private const string Head = "apiVersion: platz.io/v1beta2\nkind: Features\n";

    [Fact]
    public void All_features_are_read()
    {
        var features = Schemas.Read(valuesUi: Everything.ValuesUi, features: Everything.Features).Features;

        Assert.True(features is
        {
            Ingress: true, HostnameFormat: HostnameFormat.Name, Cardinality: Cardinality.OnePerCluster,
            ReinstallDependencies: false, DisplayNameInput: "motd", FontawesomeIcon: "database",
        });
        Assert.Equal(new StatusEndpoint("/status", 5), features.Status);
        Assert.Equal("""[["web", "nodeSelector"]]""", Schemas.Dump(features.NodeSelectorPaths));
        Assert.Equal("""[["web", "tolerations"], ["job", "tolerations"]]""", Schemas.Dump(features.TolerationsPaths));
    }

    [Theory]
    [InlineData("spec: {}")]
    [InlineData("spec: { ingress: { enabled: false }, cardinality: Many, display: { name: DeploymentName } }")]
    [InlineData("spec: { status: null, display: {}, unheard_of: 1 }")]
    public void What_is_not_said_is_as_usual(string spec) => Assert.Equal(
        Schemas.Dump(ChartFeatures.Default), Schemas.Dump(Schemas.Read(features: Head + spec).Features));

    [Fact]
    public void The_older_version_says_standard_ingress()
    {
        var features = Schemas.Read(features: """
            apiVersion: platz.io/v1beta1
            kind: Features
            spec:
              standard_ingress: true
              cardinality: OnePerCluster
              display: { whatever: 1 }
            """).Features;

        Assert.True(features is
        {
            Ingress: true, HostnameFormat: HostnameFormat.KindAndName, Cardinality: Cardinality.OnePerCluster,
        });
    }

    [Fact]
    public void The_legacy_form_has_no_head()
    {
        var features = Schemas.Legacy(features: """
            {
              "standard_ingress": true, "reinstall_dependencies": false,
              "status": { "endpoint": "standard_ingress", "path": "/s", "refresh_interval_secs": 60 }
            }
            """).Features;

        Assert.True(features is { Ingress: true, ReinstallDependencies: false });
        Assert.Equal(new StatusEndpoint("/s", 60), features.Status);
    }

    [Theory]
    [InlineData("spec: {}", "line 1: \"apiVersion\" is missing.")]
    [InlineData("standard_ingress: true", "line 1: \"apiVersion\" is missing.")]
    [InlineData("apiVersion: platz.io/v1beta3\nkind: Features\nspec: {}",
        "line 1: apiVersion \"platz.io/v1beta3\" is not known. Known are platz.io/v1beta1, platz.io/v1beta2.")]
    [InlineData("apiVersion: platz.io/v1beta2\nkind: Feature\nspec: {}",
        "line 2: kind \"Feature\" must be Features here.")]
    [InlineData("apiVersion: platz.io/v1beta2\nkind: Features", "line 1: \"spec\" is missing.")]
    public void A_wrong_head_is_no_set_of_defaults(string yaml, string reason) =>
        Assert.Equal($"platz/features.yaml, {reason}", Schemas.Broken(() => Schemas.Read(features: yaml)));

    [Fact]
    public void A_wrong_version_in_the_legacy_file_is_refused_too() => Assert.Equal(
        "features.json, line 1: apiVersion \"v1\" is not known. Known are platz.io/v1beta1, platz.io/v1beta2.",
        Schemas.Broken(() => Schemas.Legacy(features: """{ "apiVersion": "v1", "standard_ingress": true }""")));

    [Theory]
    [InlineData("ingress: true", "\"ingress\" must be a mapping, not true or false.")]
    [InlineData("ingress: {}", "\"enabled\" is missing.")]
    [InlineData("ingress: { enabled: true, hostname_format: Host }",
        "\"hostname_format\" must be one of KindAndName, Name, not \"Host\".")]
    [InlineData("cardinality: Few", "\"cardinality\" must be one of Many, OnePerCluster, not \"Few\".")]
    [InlineData("reinstall_dependencies: maybe", "\"reinstall_dependencies\" must be true or false, not text.")]
    [InlineData("status: { path: /, refresh_interval_secs: 5 }", "\"endpoint\" is missing.")]
    [InlineData("status: { endpoint: standard_ingress, path: / }", "\"refresh_interval_secs\" is missing.")]
    [InlineData("status: { endpoint: standard_ingress, path: /, refresh_interval_secs: 1.5 }",
        "\"refresh_interval_secs\" must be a whole number of seconds.")]
    [InlineData("status: { endpoint: standard_ingress, path: /, refresh_interval_secs: -1 }",
        "\"refresh_interval_secs\" must be a whole number of seconds.")]
    [InlineData("status: { endpoint: standard_ingress, path: /../x, refresh_interval_secs: 5 }",
        "The path \"/../x\" climbs up with \"..\".")]
    [InlineData("node_selector_paths: [a]", "Each item of \"node_selector_paths\" must be a list, not text.")]
    [InlineData("tolerations_paths: [[1]]", "Each step of \"tolerations_paths\" must be text, not a number.")]
    [InlineData("display: { title: x }", "\"title\" is not known here. Known are name, icon.")]
    [InlineData("display: { icon: { name: x } }", "\"name\" is not known here. Known are font_awesome.")]
    [InlineData("display: { name: Name }",
        "\"name\" must be DeploymentName, or InputField with the name of an input.")]
    [InlineData("display: { name: { InputField: { name: motd } } }",
        "There is no input \"motd\" in the chart's form.")]
    public void A_wrong_feature_is_said_with_its_line(string spec, string reason) => Assert.Equal(
        $"platz/features.yaml, line 3: {reason}",
        Schemas.Broken(() => Schemas.Read(features: $"{Head}spec: {{ {spec} }}")));
}
