using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Core.Charts.Extensions;

public sealed class ActionsTests
{
    private const string Head = "- apiVersion: platz.io/v1beta1\n  kind: Action\n  spec: ";
    private const string Sound =
        "id: a, title: A, description: A, allowed_role: Owner, endpoint: standard_ingress, path: /a, method: GET";

    [Fact]
    public void A_list_of_actions_is_read()
    {
        var actions = Schemas.Read(actions: Everything.Actions).Actions;

        Assert.Equal(["flush", "wipe"], actions.Select(action => action.Id));
        Assert.True(actions[0] is
        {
            Title: "Flush", Description: "Empties the cache", AllowedRole: ActionRole.Maintainer,
            AllowedOnStatuses: [], FontawesomeIcon: null, Dangerous: false, Form: null,
        });
        Assert.Equal(new HttpTarget("/admin/flush?all=1", HttpVerb.POST), actions[0].Target);
        Assert.True(actions[1] is { AllowedRole: ActionRole.Owner, FontawesomeIcon: "trash", Dangerous: true });
        Assert.Equal(["Started", "Idle"], actions[1].AllowedOnStatuses);
        Assert.Equal("why", actions[1].Form!.Inputs.Single().Id);
    }

    [Fact]
    public void The_legacy_form_is_read()
    {
        var actions = Schemas.Legacy(actions: """
            { "schema_version": 1, "actions": [{
                "id": "a", "title": "A", "description": "", "allowed_role": "Owner",
                "endpoint": "standard_ingress", "path": "/a", "method": "PUT" }] }
            """).Actions;

        Assert.Equal(new HttpTarget("/a", HttpVerb.PUT), actions.Single().Target);
    }

    [Fact]
    public void Another_legacy_version_is_refused() => Assert.Equal(
        "actions.schema.json, line 2: \"schema_version\" must be 1.",
        Schemas.Broken(() => Schemas.Legacy(actions: "{\n\"schema_version\": 2, \"actions\": [] }")));

    [Theory]
    [InlineData("{}", "line 1: The file must be a list, not a mapping.")]
    [InlineData("- a", "line 1: Each action must be a mapping, not text.")]
    [InlineData("- kind: Action", "line 1: \"apiVersion\" is missing.")]
    [InlineData("- apiVersion: platz.io/v1beta2\n  kind: Action",
        "line 1: apiVersion \"platz.io/v1beta2\" is not known. Known are platz.io/v1beta1.")]
    [InlineData("- apiVersion: platz.io/v1beta1\n  kind: ValuesUi",
        "line 2: kind \"ValuesUi\" must be Action here.")]
    [InlineData("- apiVersion: platz.io/v1beta1\n  kind: Action", "line 1: \"spec\" is missing.")]
    [InlineData($"{Head}{{ {Sound} }}\n---\n{Head}{{ {Sound} }}",
        "line 4: There is a second document here (after \"---\"). Only one is accepted.")]
    [InlineData($"{Head}{{ {Sound} }}\n{Head}{{ {Sound} }}", "line 6: The action \"a\" is there twice.")]
    public void A_wrong_list_is_said_with_its_line(string yaml, string reason) =>
        Assert.Equal($"platz/actions.yaml, {reason}", Schemas.Broken(() => Schemas.Read(actions: yaml)));

    [Theory]
    [InlineData("id: a", "id: null", "\"id\" is missing.")]
    [InlineData("title: A, ", "", "\"title\" is missing.")]
    [InlineData("description: A, ", "", "\"description\" is missing.")]
    [InlineData("allowed_role: Owner, ", "", "\"allowed_role\" is missing.")]
    [InlineData("Owner", "Admin", "\"allowed_role\" must be one of Maintainer, Owner, not \"Admin\".")]
    [InlineData("Owner", "'1'", "\"allowed_role\" must be one of Maintainer, Owner, not \"1\".")]
    [InlineData("standard_ingress", "http://x", "\"endpoint\" must be standard_ingress, not \"http://x\".")]
    [InlineData("GET", "get", "\"method\" must be one of GET, POST, PUT, PATCH, DELETE, not \"get\".")]
    [InlineData("path: /a, ", "", "\"path\" is missing.")]
    [InlineData("path: /a", "path: //evil", "The path \"//evil\" must begin with one slash only.")]
    [InlineData("method: GET", "method: GET, dangerous: 1", "\"dangerous\" must be true or false, not a number.")]
    [InlineData("method: GET", "method: GET, allowed_on_statuses: Idle",
        "\"allowed_on_statuses\" must be a list, not text.")]
    [InlineData("method: GET", "method: GET, ui_schema: { inputs: [], output: {} }",
        "\"output\" is not known here. Known are apiVersion, kind, inputs, outputs.")]
    [InlineData("method: GET",
        "method: GET, ui_schema: { inputs: [], outputs: { values: [{ path: [a], value: { FieldValue: { input: b } } }] } }",
        "There is no input \"b\".")]
    public void A_wrong_action_is_said_with_its_line(string sound, string wrong, string reason) => Assert.Equal(
        $"platz/actions.yaml, line 3: {reason}",
        Schemas.Broken(() => Schemas.Read(
            actions: $"{Head}{{ {Sound.Replace(sound, wrong, StringComparison.Ordinal)} }}")));
}
