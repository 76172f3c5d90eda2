using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Tests.Core.Values;

public sealed class YamlGoldenTests
{
    [Fact]
    public void Scalars_mean_what_they_mean_to_helm()
    {
        var wrong = Rows(HelmGolden.Scalars)
            .Select(row => (row.Text, row.Json, Ours: Parsed($"v: {row.Text}\n")["v"]))
            .Where(row => !JsonNode.DeepEquals(JsonNode.Parse(row.Json), row.Ours))
            .Select(row => $"{row.Text}: helm {row.Json}, ours {row.Ours?.ToJsonString() ?? "null"}");

        Assert.Empty(wrong);
    }

    [Fact]
    public void Documents_mean_what_they_mean_to_helm()
    {
        var wrong = Rows(HelmGolden.Documents)
            .Select(row => (row.Text, row.Json, Ours: YamlText.ParseObject(Unquote(row.Text))))
            .Where(row => row.Ours is not YamlResult.Parsed parsed
                || !JsonNode.DeepEquals(JsonNode.Parse(row.Json), parsed.Value))
            .Select(row => $"{row.Text}: helm {row.Json}, ours {row.Ours}");

        Assert.Empty(wrong);
    }

    [Fact]
    public void What_helm_refuses_is_refused()
    {
        var accepted = Lines(HelmGolden.Refused).Where(row => YamlText.ParseObject(Unquote(row)) is YamlResult.Parsed);

        Assert.Empty(accepted);
    }

    [Fact]
    public void The_table_is_what_helm_still_says()
    {
        using var helm = HelmTemplate.OrSkip();
        var scalars = Rows(HelmGolden.Scalars).ToList();

        var all = (JsonObject)helm.Read(string.Concat(scalars.Select((row, i) => $"v{i}: {row.Text}\n")))!;
        Assert.Equal(scalars.Count, all.Count);
        Assert.All(scalars, (row, i) =>
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(row.Json), all[$"v{i}"]), row.Text));
        Assert.All(Rows(HelmGolden.Documents), row =>
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(row.Json), helm.Read(Unquote(row.Text))), row.Text));
        Assert.All(Lines(HelmGolden.Refused), row => Assert.Null(helm.Read(Unquote(row))));
    }

    [Fact]
    public void Helm_reads_what_we_write()
    {
        using var helm = HelmTemplate.OrSkip();
        var texts = Rows(HelmGolden.Scalars).Select(row => row.Text)
            .Concat([
                "", " x", "x ", "a: b", "a #b", "u *j: 1", "- x", "---", "...", "a\nb", "a\nb\n", "\n", "a\n\n",
                    " a\nb",
                "a\n\tb", "a\n  b\n", "\t", "\r\n", "\u0085", "\u2028", "\u001b[0m", "😀", "é", "[x]", "{x}", "\"", "'",
                "\\", "\uFEFFx", "% x", "a:", "key: |",
            ]);
        double[] numbers = [0, -1, 1.5, 1e21, -0.0, 1e-7, double.MaxValue, double.Epsilon, 1L << 53];
        var values = new JsonObject
        {
            ["texts"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
            ["keys"] = new JsonObject(texts.Select(text => KeyValuePair.Create(text, (JsonNode?)JsonValue.Create(1)))),
            [new string('k', 3000)] = JsonNode.Parse("""{"under a long key":[1,[2,{}],[],true,false,null]}"""),
            ["numbers"] = new JsonArray([.. numbers.Select(number => JsonValue.Create(number))]),
        };

        Assert.True(JsonNode.DeepEquals(values, helm.Read(YamlText.Write(values))), YamlText.Write(values));
    }

    private static JsonObject Parsed(string yaml) => Assert.IsType<YamlResult.Parsed>(YamlText.ParseObject(yaml)).Value;

    private static IEnumerable<string> Lines(string table) => table.Split('\n').Where(line => line.Length > 0);

    private static IEnumerable<(string Text, string Json)> Rows(string table) =>
        Lines(table).Select(line => line.LastIndexOf(" => ", StringComparison.Ordinal) is var at
            ? (line[..at], line[(at + 4)..])
            : throw new InvalidOperationException(line));

    private static string Unquote(string json) => JsonSerializer.Deserialize<string>(json)!;
}
