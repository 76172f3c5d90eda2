using System.Text.Json.Nodes;
using CsCheck;
using Platz.Core.Values;

namespace Platz.Tests.Core.Values;

/// <summary>The preview merges as Helm does: the table is what helm 3.18 says.</summary>
public sealed class ValuesPreviewGoldenTests
{
    private static readonly Gen<JsonNode?> s_leaf = Gen.OneOf<JsonNode?>(
        Gen.Const((JsonNode?)null), Gen.Int[1, 3].Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Int[1, 3].Select(number => (JsonNode?)new JsonArray(number, null)));

    private static readonly Gen<JsonObject> s_values = Gen.Recursive<JsonObject>((depth, inner) =>
        Gen.Select(
            Gen.OneOf<string>("a", "b", "c"),
            depth > 3 ? s_leaf : Gen.OneOf(s_leaf, inner.Select(mapping => (JsonNode?)mapping)))
        .Array[0, 3].Select(Mapping));

    /// <summary>Chart, values, override and what comes of them.</summary>
    public static TheoryData<string, string, string, string> Table => new()
    {
        { """{"a":1,"b":{"c":1}}""", """{"a":2}""", """{"b":{"d":2}}""", """{"a":2,"b":{"c":1,"d":2}}""" },
        { """{"l":[1,2]}""", """{"l":[3]}""", """{"l":[null,{"a":null}]}""", """{"l":[null,{"a":null}]}""" },
        { """{"a":1}""", """{"a":null}""", "{}", "{}" },
        { """{"a":null}""", "{}", "{}", """{"a":null}""" },
        { """{"a":null}""", """{"a":null}""", "{}", "{}" },
        { """{"a":null}""", """{"a":{"x":null,"y":1}}""", "{}", """{"a":{"x":null,"y":1}}""" },
        { "{}", """{"a":null,"m":{"x":null}}""", "{}", """{"a":null,"m":{"x":null}}""" },
        { """{"m":{"y":1}}""", """{"m":{"x":null}}""", "{}", """{"m":{"x":null,"y":1}}""" },
        { """{"m":{"x":1,"y":2}}""", """{"m":{"x":null}}""", "{}", """{"m":{"y":2}}""" },
        { """{"m":{"x":null,"y":{"z":null}}}""", """{"m":{}}""", "{}", """{"m":{"x":null,"y":{"z":null}}}""" },
        { """{"m":{"x":null,"y":1}}""", """{"m":{"x":null}}""", "{}", """{"m":{"y":1}}""" },
        { """{"m":{"x":1}}""", """{"m":5}""", "{}", """{"m":5}""" },
        { """{"m":5}""", """{"m":{"x":null,"y":1}}""", "{}", """{"m":{"x":null,"y":1}}""" },
        { """{"m":{"x":5}}""", """{"m":{"x":{"q":null,"y":1}}}""", "{}", """{"m":{"x":{"q":null,"y":1}}}""" },
        { """{"m":{"x":{"k":1}}}""", """{"m":{"x":[1]}}""", "{}", """{"m":{"x":[1]}}""" },
        { """{"m":{"x":1}}""", """{"m":{"x":2}}""", """{"m":null}""", "{}" },
        { """{"m":{"x":1}}""", """{"m":null}""", """{"m":{"y":1}}""", """{"m":{"x":1,"y":1}}""" },
        { """{"m":{"x":1}}""", """{"m":{"x":null}}""", """{"m":{"x":3}}""", """{"m":{"x":3}}""" },
        { """{"m":{"x":{"d":1}}}""", """{"m":{"x":{"a":1}}}""", """{"m":{"x":null}}""", """{"m":{}}""" },
        { "{}", """{"l":1}""", """{"l":null}""", """{"l":null}""" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Layers_merge_as_the_table_says(string defaults, string values, string over, string expected)
    {
        var merged = Preview(Json(defaults), Json(values), Json(over));

        Assert.True(JsonNode.DeepEquals(Json(expected), merged.ToJson()), merged.ToJson().ToJsonString());
    }

    [Fact]
    public void The_table_is_what_helm_still_says()
    {
        using var helm = HelmTemplate.OrSkip();

        Assert.All(Table, row =>
        {
            var (defaults, values, over, expected) = row.Data;
            var merged = helm.Merge(Json(defaults), Json(values), Json(over));
            Assert.True(JsonNode.DeepEquals(Json(expected), merged), merged?.ToJsonString());
        });
    }

    [Fact]
    public void Whatever_the_layers_are_helm_merges_them_alike()
    {
        using var helm = HelmTemplate.OrSkip();

        // A hundred at a time, side by side: starting helm costs more than merging.
        Gen.Select(s_values, s_values, s_values).Array[100].Sample(
            samples =>
            {
                var (defaults, values, over) = (
                    Side(samples.Select(s => s.Item1)), Side(samples.Select(s => s.Item2)),
                    Side(samples.Select(s => s.Item3)));
                var merged = Preview(defaults, values, over).ToJson();
                Assert.All(helm.Merge(defaults, values, over)!.AsObject(), (pair, _) =>
                    Assert.True(JsonNode.DeepEquals(pair.Value, merged[pair.Key]), $"{pair.Key}: {merged[pair.Key]}"));
            },
            iter: 5, threads: 1);
    }

    [Fact]
    public void The_lines_are_the_yaml_of_the_values() =>
        Gen.Select(s_values, s_values, s_values).Sample(
            (defaults, values, over) =>
            {
                var preview = Preview(defaults, values, over);
                var lines = preview.Lines().Where(line => !line.IsRemoved).Select(line => line.Text);
                var read = Assert.IsType<YamlResult.Parsed>(YamlText.ParseObject(string.Join('\n', lines)));
                Assert.True(JsonNode.DeepEquals(preview.ToJson(), read.Value), preview.ToJson().ToJsonString());
            },
            iter: 500);

    private static ValuesPreview Preview(JsonObject defaults, JsonObject values, JsonObject over) => ValuesPreview.Of(
        YamlText.Write(defaults), new ChartValuesResult(values, [], values, []), over);

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonObject Mapping((string Key, JsonNode? Value)[] pairs) => new(pairs
        .DistinctBy(pair => pair.Key)
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    private static JsonObject Side(IEnumerable<JsonObject> samples) => new(samples
        .Select((sample, i) => KeyValuePair.Create($"sample{i}", (JsonNode?)sample.DeepClone())));
}
