using System.Globalization;

namespace Platz.Core.Values;

/// <summary>JavaScript's conversions and comparisons, as far as JsonLogic rests on them.</summary>
internal sealed class Script(JsonLogicRun run)
{
    public const int CharsPerStep = 16;

    /// <summary>What is not there at all, as against null.</summary>
    public static object? Undefined { get; } = new();

    public JsonLogicRun Run => run;

    /// <summary>JsonLogic's own word on truth: unlike in JavaScript an empty list is false.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        double number => number != 0 && !double.IsNaN(number),
        string text => text.Length > 0,
        object?[] items => items.Length > 0,
        _ => value != Undefined,
    };

    /// <summary>A list that is identical to no other, not even where both are empty.</summary>
    public static object?[] List(IEnumerable<object?> items)
    {
        var all = items.ToList();
        var list = new object?[all.Count];
        all.CopyTo(list);
        return list;
    }

    public static bool Identical(object? a, object? b) => (a, b) switch
    {
        (bool x, bool y) => x == y,
        (double x, double y) => x == y,
        (string x, string y) => x == y,
        _ => ReferenceEquals(a, b),
    };

    public bool LooselyEqual(object? a, object? b)
    {
        if (IsNothing(a) || IsNothing(b))
        {
            return IsNothing(a) && IsNothing(b);
        }

        if (IsObject(a) && IsObject(b))
        {
            return ReferenceEquals(a, b);
        }

        var (left, right) = (Primitive(a), Primitive(b));
        return left is string x && right is string y ? x == y : Number(left) == Number(right);
    }

    public bool Less(object? a, object? b) => Primitive(a) is string x && Primitive(b) is string y
        ? string.CompareOrdinal(x, y) < 0
        : Number(a) < Number(b);

    public bool LessOrEqual(object? a, object? b) => Primitive(a) is string x && Primitive(b) is string y
        ? string.CompareOrdinal(x, y) <= 0
        : Number(a) <= Number(b);

    public static object? Property(object? value, string key) => (value, key) switch
    {
        (Dictionary<string, object?> fields, _) => fields.TryGetValue(key, out var field) ? field : Undefined,
        (object?[] items, "length") => (double)items.Length,
        (object?[] items, _) => Index(key, items.Length) is { } i ? items[i] : Undefined,
        (string text, "length") => (double)text.Length,
        (string text, _) => Index(key, text.Length) is { } i ? $"{text[i]}" : Undefined,
        _ => Undefined,
    };

    public double Number(object? value) => value switch
    {
        null => 0,
        bool flag => flag ? 1 : 0,
        double number => number,
        string text => ScriptNumber.Of(text),
        _ when IsObject(value) => ScriptNumber.Of(Text(value)),
        _ => double.NaN,
    };

    /// <summary>A JSON number.</summary>
    public static double Number(string json) => double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>JavaScript's parseFloat: the number that the text begins with.</summary>
    public double LeadingNumber(object? value) => value is double number ? number : ScriptNumber.Leading(Text(value));

    /// <summary>Without the fraction; 0 for what is no number.</summary>
    public double Whole(object? value) =>
        Number(value) is var number && double.IsNaN(number) ? 0 : Math.Truncate(number);

    public string Text(object? value, int depth = 0) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double number => ScriptNumber.Text(number),
        string text => text,
        object?[] items => Joined(items, separator: ",", depth),
        _ => value == Undefined ? "undefined" : "[object Object]",
    };

    public string Joined(object?[] items, string separator, int depth = 0)
    {
        JsonLogicRun.Enter(ref depth);
        run.Spend(1 + items.Length);
        var parts = new List<string>(items.Length);
        foreach (var item in items)
        {
            var part = IsNothing(item) ? "" : Text(item, depth);
            run.Spend(part.Length / CharsPerStep);
            parts.Add(part);
        }

        return string.Join(separator, parts);
    }

    private object? Primitive(object? value) => IsObject(value) ? Text(value) : value;

    private static bool IsObject(object? value) => value is object?[] or Dictionary<string, object?>;

    private static bool IsNothing(object? value) => value is null || value == Undefined;

    private static int? Index(string key, int length) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < length
        && (key.Length == 1 || key[0] != '0') ? index : null;
}
