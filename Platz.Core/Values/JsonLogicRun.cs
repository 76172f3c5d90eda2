using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>
/// One evaluation of a rule. Values are as in JavaScript: null, <see cref="Script.Undefined"/>, bool, double, string,
/// <c>object?[]</c> and <c>Dictionary&lt;string, object?&gt;</c>; the last two are the same only if identical.
/// </summary>
internal sealed class JsonLogicRun
{
    /// <summary>Of rule, of data and of what is computed.</summary>
    public const int MostDepth = 100;

    /// <summary>A step is an expression evaluated, an item handled or 16 characters of text made.</summary>
    public const int MostSteps = 200_000;

    private int _steps;
    private int _depth;

    public object? Apply(JsonNode? rule, object? data)
    {
        Spend(1);
        Enter(ref _depth);
        var result = rule switch
        {
            JsonArray items => Script.List(items.Select(item => Apply(item, data))),
            JsonObject { Count: 1 } logic => Apply(logic.First(), data),
            _ => FromJson(rule),
        };
        _depth--;
        return result;
    }

    public void Spend(int steps)
    {
        _steps += steps;
        if (_steps > MostSteps)
        {
            throw new JsonLogicException("The rule takes too many steps.");
        }
    }

    public static void Enter(ref int depth)
    {
        if (++depth > MostDepth)
        {
            throw new JsonLogicException($"The rule or its data is nested deeper than {MostDepth} levels.");
        }
    }

    public static object? FromJson(JsonNode? node, int depth = 0)
    {
        Enter(ref depth);
        return node switch
        {
            null => null,
            JsonArray items => Script.List(items.Select(item => FromJson(item, depth))),
            JsonObject fields => fields.ToDictionary(field => field.Key, field => FromJson(field.Value, depth)),
            _ => node.GetValueKind() switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number => Script.Number(node.ToJsonString()),
                JsonValueKind.String => JsonScalar.Text(node),
                _ => null,
            },
        };
    }

    public JsonNode? ToJson(object? value, int depth = 0)
    {
        Spend(1);
        Enter(ref depth);
        return value switch
        {
            bool flag => flag,
            double number => double.IsFinite(number) ? number + 0.0 : null,
            string text => text,
            object?[] items => new JsonArray([.. items.Select(item => ToJson(item, depth))]),
            Dictionary<string, object?> fields =>
                new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, ToJson(f.Value, depth)))),
            _ => null,
        };
    }

    private object? Apply(KeyValuePair<string, JsonNode?> logic, object? data)
    {
        var (name, values) = (logic.Key, logic.Value is JsonArray list ? [.. list] : new[] { logic.Value });
        return name switch
        {
            "if" or "?:" => If(values, data),
            "and" => First(values, data, truth: false),
            "or" => First(values, data, truth: true),
            "filter" => Script.List((Items(values, data) ?? []).Where(item => Holds(values, item))),
            "map" => Script.List((Items(values, data) ?? []).Select(item => Body(values, item))),
            "reduce" => Reduce(values, data),
            "all" => Items(values, data) is { Length: > 0 } items && items.All(item => Holds(values, item)),
            "none" => !(Items(values, data) ?? []).Any(item => Holds(values, item)),
            "some" => (Items(values, data) ?? []).Any(item => Holds(values, item)),
            _ => JsonLogicOperators.Apply(this, name, [.. values.Select(value => Apply(value, data))], data),
        };
    }

    private object? If(JsonNode?[] values, object? data)
    {
        var i = 0;
        for (; i < values.Length - 1; i += 2)
        {
            if (Script.IsTrue(Apply(values[i], data)))
            {
                return Apply(values[i + 1], data);
            }
        }

        return i < values.Length ? Apply(values[i], data) : null;
    }

    /// <summary>The first value of that truth, else the last.</summary>
    private object? First(JsonNode?[] values, object? data, bool truth)
    {
        var current = Script.Undefined;
        foreach (var value in values)
        {
            current = Apply(value, data);
            if (Script.IsTrue(current) == truth)
            {
                break;
            }
        }

        return current;
    }

    private object? Reduce(JsonNode?[] values, object? data)
    {
        var items = Items(values, data);
        var initial = values.Length > 2 ? Apply(values[2], data) : null;
        return items is null ? initial : items.Aggregate(initial, (accumulator, current) => Body(
            values, new Dictionary<string, object?> { ["current"] = current, ["accumulator"] = accumulator }));
    }

    private object?[]? Items(JsonNode?[] values, object? data) =>
        values.Length > 0 ? Apply(values[0], data) as object?[] : null;

    private object? Body(JsonNode?[] values, object? item)
    {
        Spend(1);
        return values.Length > 1 ? Apply(values[1], item) : Script.Undefined;
    }

    private bool Holds(JsonNode?[] values, object? item) => Script.IsTrue(Body(values, item));
}
