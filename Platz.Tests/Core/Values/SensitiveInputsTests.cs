using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Values;

public sealed class SensitiveInputsTests
{
    private const string Mask = """{"$sensitive":true}""";

    private static readonly ValuesUi s_ui = new(
        [Input("password", sensitive: true), Input("keys", sensitive: true), Input("name", sensitive: false)], [], []);

    private readonly SensitiveInputs _sensitive = new(TestKeys.NewEnvelope());

    private readonly Guid _deployment = Guid.CreateVersion7();

    [Fact]
    public void A_sensitive_input_is_stored_sealed_and_the_others_as_typed()
    {
        var stored = Seal("""{"password":"canary","name":"shop","left over":[1]}""");

        Assert.True(SealedJson.IsSealed(stored["password"]));
        Assert.Equal("""{"name":"shop","left over":[1]}""", Without(stored, "password").ToJsonString());
        Assert.Equal(
            $$"""{"password":{{Mask}},"name":"shop","left over":[1]}""", SensitiveInputs.Mask(stored)!.ToJsonString());
    }

    [Fact]
    public void The_mask_keeps_what_is_stored()
    {
        var stored = Seal("""{"password":"canary","name":"shop"}""");
        var again = Seal($$"""{"password":{{Mask}},"name":"store"}""", stored);

        Assert.Equal(stored["password"]!.ToJsonString(), again["password"]!.ToJsonString());
        Assert.Equal("canary", (string)_sensitive.Open(_deployment, again).Inputs["password"]!);
    }

    [Fact]
    public void The_same_value_typed_again_is_no_difference()
    {
        var stored = Seal("""{"password":"canary","keys":{"a":1.0,"b":[2]}}""");
        var again = Seal("""{"password":"canary","keys":{"b":[2],"a":1}}""", stored);

        Assert.Equal(stored.ToJsonString(), again.ToJsonString());
        Assert.Empty(ConfigDiff.Between(stored, again));
        Assert.NotEqual(stored.ToJsonString(), Seal("""{"password":"other"}""", stored).ToJsonString());
    }

    [Fact]
    public void A_value_that_opens_no_more_can_be_kept_and_replaced()
    {
        var foreign = new SensitiveInputs(TestKeys.NewEnvelope())
            .Seal(s_ui, _deployment, Object("""{"password":"canary"}"""), null).Inputs;

        Assert.Equal(foreign.ToJsonString(), Seal($$"""{"password":{{Mask}}}""", foreign).ToJsonString());
        var replaced = Seal("""{"password":"canary"}""", foreign);
        Assert.Equal("canary", (string)_sensitive.Open(_deployment, replaced).Inputs["password"]!);
    }

    [Fact]
    public void A_masked_input_stays_sealed_when_the_chart_no_longer_calls_it_sensitive()
    {
        var stored = Seal("""{"password":"canary"}""");

        Assert.Equal(stored.ToJsonString(), Seal($$"""{"password":{{Mask}}}""", stored, ValuesUi.Empty).ToJsonString());
        Assert.Equal("""{"password":"open"}""", Seal("""{"password":"open"}""", stored, ValuesUi.Empty).ToJsonString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"password":null}""")]
    [InlineData("""{"password":"stored when it was not sensitive"}""")]
    public void There_must_be_something_to_keep(string stored)
    {
        var result = _sensitive.Seal(
            s_ui, _deployment, Object($$"""{"password":{{Mask}}}"""), JsonNode.Parse(stored) as JsonObject);

        Assert.Equal(
            [new FieldError("config.password", "There is no stored value to keep; type this again.")], result.Errors);
    }

    [Theory]
    [InlineData("password", """{"$sealed":"AQID"}""")]
    [InlineData("name", """{"$sealed":"AQID"}""")]
    [InlineData("left over", """[{"a":{"$sealed":7,"b":1}}]""")]
    [InlineData("name", """[{"$sensitive":true}]""")]
    public void Nobody_types_a_sealed_value(string id, string value)
    {
        var typed = new JsonObject { [id] = JsonNode.Parse(value) };
        var error = Assert.Single(_sensitive.Seal(s_ui, _deployment, typed, null).Errors);

        Assert.Equal($"config.{id}", error.Field);
        Assert.Equal("The keys $sealed and $sensitive are reserved; choose other names.", error.Message);
    }

    [Fact]
    public void A_cleared_input_is_cleared() =>
        Assert.Equal("""{"password":null}""", Seal("""{"password":null}""", Seal("""{"password":"a"}""")).ToJsonString());

    [Fact]
    public void What_was_sealed_is_known_to_be_redacted()
    {
        var stored = Seal("""{"password":{"user":"bob","pin":[123456,true,null,""]},"keys":["k1","k1"],"name":"shop"}""");

        Assert.Equal(["123456", "bob", "k1"], _sensitive.Open(_deployment, stored).Secrets);
    }

    [Fact]
    public void A_value_moved_to_another_input_deployment_or_resource_does_not_open()
    {
        var stored = Seal("""{"password":"canary"}""");
        var moved = new JsonObject { ["keys"] = stored["password"]!.DeepClone() };

        Assert.Throws<EnvelopeException>(() => _sensitive.Open(_deployment, moved));
        Assert.Throws<EnvelopeException>(() => _sensitive.Open(Guid.CreateVersion7(), stored));
        Assert.Throws<EnvelopeException>(() => _sensitive.Open(InputOwner.Resource(_deployment), stored));
        Assert.Throws<EnvelopeException>(() => _sensitive.Open(_deployment, Object("""{"a":{"$sealed":"no base64"}}""")));
    }

    [Fact]
    public void A_resource_has_secrets_of_its_own()
    {
        var owner = InputOwner.Resource(Guid.CreateVersion7());
        var stored = _sensitive.Seal(s_ui, owner, Object("""{"password":"canary"}"""), null).Inputs;

        Assert.Equal("""{"password":"canary"}""", _sensitive.Open(owner, stored).Inputs.ToJsonString());
    }

    private JsonObject Seal(string typed, JsonObject? stored = null, ValuesUi? ui = null)
    {
        var result = _sensitive.Seal(ui ?? s_ui, _deployment, Object(typed), stored);
        Assert.Empty(result.Errors);
        return result.Inputs;
    }

    private static JsonObject Without(JsonObject inputs, string id)
    {
        var rest = inputs.DeepClone().AsObject();
        rest.Remove(id);
        return rest;
    }

    private static InputField Input(string id, bool sensitive) =>
        new() { Id = id, Type = InputType.Text, Label = id, Sensitive = sensitive };

    private static JsonObject Object(string json) => (JsonObject)JsonNode.Parse(json)!;
}
