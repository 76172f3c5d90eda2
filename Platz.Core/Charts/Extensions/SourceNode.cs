using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Core.Charts.Extensions;

/// <summary>A piece of an extension file that knows where it stands: whatever is wrong with it can be found.</summary>
internal abstract class SourceNode(string path, int line)
{
    /// <summary>The levels that a condition or a value may be nested.</summary>
    public const int DeepestValue = 32;

    public bool IsNull => this is SourceScalar { Value: null };

    /// <summary>What it is, in the words of a message.</summary>
    public abstract string Kind { get; }

    /// <summary>A single value has depth 0.</summary>
    public abstract int Depth { get; }

    protected string Path { get; } = path;

    protected int Line { get; } = line;

    /// <summary>A stored column as if it were a file.</summary>
    public static SourceNode From(JsonNode? node, string column) => node switch
    {
        JsonObject map => new SourceMap(column, 0,
            new(map.Select(e => KeyValuePair.Create(e.Key, From(e.Value, column))), StringComparer.Ordinal)),
        JsonArray list => new SourceList(column, 0, [.. list.Select(item => From(item, column))]),
        null => new SourceScalar(column, 0, null),
        _ => new SourceScalar(column, 0, node.GetValueKind() switch
        {
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.Number => SourceNumber.Parse(node.ToJsonString()),
            var kind => kind is JsonValueKind.True,
        }),
    };

    public abstract JsonNode? ToJson();

    public BrokenChartException Broken(string reason) => new($"{Path}, line {Line}: {reason}");

    public string AsText(string what) => this is SourceScalar { Value: string text } ? text : throw Wrong(what, "text");

    public bool AsFlag(string what) =>
        this is SourceScalar { Value: bool flag } ? flag : throw Wrong(what, "true or false");

    public SourceMap AsMap(string what) => this as SourceMap ?? throw Wrong(what, "a mapping");

    public IReadOnlyList<SourceNode> AsList(string what) => (this as SourceList ?? throw Wrong(what, "a list")).Items;

    public decimal AsNumber(string what)
    {
        if (this is not SourceScalar { Value: not (null or bool) and var value })
        {
            throw Wrong(what, "a number");
        }

        return SourceNumber.AsDecimal(value) ?? throw (value is string
            ? Broken($"{what} must be a number, not \"{ChartPath.Shown((string)value)}\".")
            : Broken($"{what} is too large."));
    }

    /// <summary>Any value, as long as it is not nested without end.</summary>
    public JsonNode? AsValue(string what) => Depth <= DeepestValue
        ? ToJson()
        : throw Broken($"{what} is nested more than {DeepestValue} levels deep.");

    public BrokenChartException Wrong(string what, string wanted) => Broken($"{what} must be {wanted}, not {Kind}.");
}

internal sealed class SourceScalar(string path, int line, object? value) : SourceNode(path, line)
{
    /// <summary>null, a bool, a string, or a number: long, decimal or double.</summary>
    public object? Value { get; } = value;

    public override string Kind => Value switch
    {
        null => "empty",
        string => "text",
        bool => "true or false",
        _ => "a number",
    };

    public override int Depth => 0;

    public override JsonNode? ToJson() => Value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        long whole => JsonValue.Create(whole),
        decimal exact => JsonValue.Create(exact),
        _ => JsonValue.Create((double)Value),
    };
}

internal sealed class SourceList(string path, int line, IReadOnlyList<SourceNode> items) : SourceNode(path, line)
{
    public IReadOnlyList<SourceNode> Items => items;

    public override string Kind => "a list";

    public override int Depth { get; } = 1 + items.Select(item => item.Depth).DefaultIfEmpty().Max();

    public override JsonNode ToJson() => new JsonArray([.. items.Select(item => item.ToJson())]);
}
