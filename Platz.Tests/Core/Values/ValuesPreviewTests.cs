using System.Text.Json.Nodes;
using Platz.Core.Values;
using static Platz.Tests.Core.Values.ValuesRequests;

namespace Platz.Tests.Core.Values;

public sealed class ValuesPreviewTests
{
    [Fact]
    public void Every_line_says_which_layer_it_comes_from_and_what_it_replaced()
    {
        var preview = Of(
            "image: {tag: '1', pull: Always}\nextra: [1]\ntext: x\nold: {a: 1}\n",
            """{"ingress":{"enabled":true},"text":"y"}""", """{"image":{"tag":"2"},"new":{"k":{}}}""",
            """{"image":{"tag":"3"},"extra":[1,{"b":2}],"ingress":{"class":"z"},"old":null,"text":"a\nb\n"}""");

        Assert.Equal(
            [
                "image:                     ChartDefaults",
                "  tag: \"3\"                 Override < Form 2 < ChartDefaults 1",
                "  pull: Always             ChartDefaults",
                "extra:                     Override < ChartDefaults [1]",
                "  - 1                      Override",
                "  - b: 2                   Override",
                "text: |                    Override < Platform y < ChartDefaults x",
                "  a                        Override",
                "  b                        Override",
                "old: null                  Override < ChartDefaults {\"a\":1} removed",
                "ingress:                   Platform",
                "  enabled: true            Platform",
                "  class: z                 Override",
                "new:                       Form",
                "  k: {}                    Form",
            ],
            preview.Lines().Select(Print));
    }

    [Fact]
    public void The_form_takes_the_place_of_a_whole_key_of_the_platform()
    {
        var preview = Of(null, """{"ingress":{"enabled":true}}""", """{"ingress":{"host":"h"}}""", "{}");

        Assert.Equal(
            ["ingress:                   Form < Platform {\"enabled\":true}", "  host: h                  Form"],
            preview.Lines().Select(Print));
    }

    [Fact]
    public void A_mapping_of_which_all_is_taken_away_is_empty()
    {
        var preview = Of("m: {a: 1}\n", "{}", "{}", """{"m":{"a":null}}""");

        Assert.Equal("""{"m":{}}""", preview.ToJson().ToJsonString());
        Assert.Equal(
            [
                "m: {}                      ChartDefaults",
                "  a: null                  Override < ChartDefaults 1 removed",
            ],
            preview.Lines().Select(Print));
    }

    [Fact]
    public void Defaults_that_cannot_be_read_are_said_to_be_missing()
    {
        var preview = Of("a: 1\na: 2\n", """{"p":1}""", "{}", "{}");

        Assert.Equal(2, preview.DefaultsError?.Line);
        Assert.Equal(["p: 1                       Platform"], preview.Lines().Select(Print));
        Assert.Null(Of("a: 1\n", "{}", "{}", "{}").DefaultsError);
    }

    [Fact]
    public void What_is_sensitive_shows_as_one_word()
    {
        var ui = Ui(Field("key") with { Sensitive = true }, Output("auth.key", "key"), Output("list.[0]", "key"));
        var request = ValuesRequests.Of(ui, """{"key":{"hunter":"2"}}""");

        var preview = ValuesPreview.Of("auth: {key: {a: 1}, user: u}\n", ChartValues.Build(request.ToPreview([])), []);

        var lines = preview.Lines().Select(Print).ToList();
        Assert.Contains("  key: \"•••••• (sensitive)\" Form < ChartDefaults {\"a\":1}", lines);
        Assert.Contains("  - \"•••••• (sensitive)\"   Form", lines);
        Assert.DoesNotContain(lines, line => line.Contains("hunter", StringComparison.Ordinal));
    }

    internal static ValuesPreview Of(string? defaults, string platform, string form, string over) =>
        ValuesPreview.Of(defaults, new ChartValuesResult(Json(platform), Json(form), [], []), Json(over));

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();

    private static string Print(PreviewLine line) => $"{line.Text,-26} {line.Layer}"
        + string.Concat(line.Replaced.Select(r => $" < {r.Layer} {r.Value?.ToJsonString().Trim('"')}"))
        + (line.IsRemoved ? " removed" : "");
}
