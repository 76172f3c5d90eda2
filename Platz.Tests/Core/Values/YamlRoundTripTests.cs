using System.Text.Json.Nodes;
using CsCheck;
using Platz.Core.Values;

namespace Platz.Tests.Core.Values;

public sealed class YamlRoundTripTests
{
    private static readonly Gen<string> s_word = Gen.OneOf<string>(
        "no", "~", "1e3", "010", "0x1F", "<<", "a: b", "a #b", "- x", "---", "...", "12:30", "", " ", "key", "[", "{",
        "\"", "'", "\\", "a\nb", "a\nb\n", "\n", "|", ">", "&a", "*a", "!t", "%d", "@", "`", "\t", "\r\n", "\u0085",
        "\u2028", "\uFEFF", "\u001b[1m", "😀", "é", "?", "? a");

    private static readonly Gen<string> s_syntax = Gen.OneOf<string>(
        ": ", "\n", "  ", "- ", "? ", ",", "]", "}", "&a ", "*a", "#", "a: ", "|\n", "'", "\"");

    private static readonly Gen<string> s_noise =
        Gen.Char.Where(c => c != '\0' && !char.IsSurrogate(c)).Array[0, 12].Select(cs => new string(cs));

    private static readonly Gen<string> s_text =
        Gen.Select(Gen.OneOf(s_word, s_noise), Gen.OneOf(s_word, s_noise, Gen.Const("")), (a, b) => a + b);

    private static readonly Gen<JsonNode?> s_scalar = Gen.OneOf<JsonNode?>(
        s_text.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Long[-1L << 53, 1L << 53].Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(truth => (JsonNode?)JsonValue.Create(truth)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> s_node = Gen.Recursive<JsonNode?>((depth, inner) => depth > 4
        ? s_scalar
        : Gen.OneOf(
            s_scalar,
            inner.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())])),
            Gen.Select(s_text, inner).Array[0, 4].Select(Mapping)));

    [Fact]
    public void What_is_written_is_read_back_equal() =>
        Gen.Select(s_text, s_node).Array[0, 5].Select(Mapping).Sample(
            mapping =>
            {
                var yaml = YamlText.Write(mapping);
                return YamlText.ParseObject(yaml) is YamlResult.Parsed parsed
                    && JsonNode.DeepEquals(mapping, parsed.Value);
            },
            print: mapping => $"{mapping!.ToJsonString()}\n{YamlText.Write(mapping)}",
            iter: 5_000);

    [Fact]
    public void No_text_whatever_makes_it_throw() =>
        Gen.OneOf(s_word, s_noise, s_syntax)
            .Array[0, 30].Select(string.Concat).Sample(text => YamlText.ParseObject(text) is not null, iter: 20_000);

    private static JsonNode? Mapping((string Key, JsonNode? Value)[] pairs) =>
        new JsonObject(pairs.DistinctBy(p => p.Key).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
}
