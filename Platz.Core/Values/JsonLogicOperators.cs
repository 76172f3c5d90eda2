namespace Platz.Core.Values;

/// <summary>The operators whose arguments are evaluated first.</summary>
internal static class JsonLogicOperators
{
    public static object? Apply(JsonLogicRun run, string name, object?[] args, object? data)
    {
        var (a, b, c) = (At(args, 0), At(args, 1), At(args, 2));
        var script = new Script(run);
        return name switch
        {
            "var" => Var(script, a, b, data),
            "missing" => Missing(script, args, data),
            "missing_some" => MissingSome(script, a, b, data),
            "==" => script.LooselyEqual(a, b),
            "!=" => !script.LooselyEqual(a, b),
            "===" => Script.Identical(a, b),
            "!==" => !Script.Identical(a, b),
            "!!" => Script.IsTrue(a),
            "!" => !Script.IsTrue(a),
            ">" => script.Less(b, a),
            ">=" => script.LessOrEqual(b, a),
            "<" => script.Less(a, b) && (c == Script.Undefined || script.Less(b, c)),
            "<=" => script.LessOrEqual(a, b) && (c == Script.Undefined || script.LessOrEqual(b, c)),
            "in" => In(script, a, b),
            "log" => a,
            _ => Calculate(script, name, args),
        };
    }

    private static object? Calculate(Script script, string name, object?[] args)
    {
        var (a, b) = (At(args, 0), At(args, 1));
        return name switch
        {
            "+" => args.Aggregate(0d, (sum, arg) => sum + script.LeadingNumber(arg)),
            "*" when args.Length == 1 => a,
            "*" when args.Length > 1 => args.Aggregate(1d, (product, arg) => product * script.LeadingNumber(arg)),
            "*" => throw new JsonLogicException("'*' needs an argument."),
            "-" when b == Script.Undefined => -script.Number(a),
            "-" => script.Number(a) - script.Number(b),
            "/" => script.Number(a) / script.Number(b),
            "%" => script.Number(a) % script.Number(b),
            "min" => args.Select(script.Number).Aggregate(double.PositiveInfinity, Math.Min),
            "max" => args.Select(script.Number).Aggregate(double.NegativeInfinity, Math.Max),
            "cat" => script.Joined(args, separator: ""),
            "substr" => Substring(script, script.Text(a), b, At(args, 2)),
            "merge" => Merge(script, args),
            _ => throw new JsonLogicException($"There is no operator '{name}'."),
        };
    }

    private static object? At(object?[] args, int index) => index < args.Length ? args[index] : Script.Undefined;

    private static object? Var(Script script, object? path, object? fallback, object? data)
    {
        if (path is null or "" || path == Script.Undefined)
        {
            return data;
        }

        foreach (var key in script.Text(path).Split('.'))
        {
            data = Script.Property(data, key);
            if (data == Script.Undefined)
            {
                return fallback == Script.Undefined ? null : fallback;
            }
        }

        return data;
    }

    private static object?[] Missing(Script script, object?[] args, object? data)
    {
        var keys = At(args, 0) as object?[] ?? args;
        script.Run.Spend(keys.Length);
        return Script.List(keys.Where(key => Lookup(key) is null or ""));

        object? Lookup(object? key) => key is object?[] parts
            ? Var(script, At(parts, 0), At(parts, 1), data)
            : Var(script, key, Script.Undefined, data);
    }

    private static object?[] MissingSome(Script script, object? needed, object? options, object? data)
    {
        if (options is not object?[] keys)
        {
            throw new JsonLogicException("'missing_some' needs a number and a list of names.");
        }

        var missing = Missing(script, keys, data);
        return keys.Length - missing.Length >= script.Number(needed) ? [] : missing;
    }

    private static bool In(Script script, object? part, object? whole)
    {
        if (whole is object?[] items)
        {
            script.Run.Spend(items.Length);
            return items.Any(item => Script.Identical(item, part));
        }

        return whole is string { Length: > 0 } text && text.Contains(script.Text(part), StringComparison.Ordinal);
    }

    private static object?[] Merge(Script script, object?[] args)
    {
        script.Run.Spend(args.Sum(arg => arg is object?[] items ? items.Length : 1));
        return Script.List(args.SelectMany(arg => arg as object?[] ?? [arg]));
    }

    /// <summary>A negative length leaves that many characters off the end.</summary>
    private static string Substring(Script script, string text, object? start, object? length)
    {
        var from = script.Whole(start);
        from = from < 0 ? Math.Max(0, text.Length + from) : Math.Min(from, text.Length);
        var rest = text[(int)from..];
        script.Run.Spend(rest.Length / Script.CharsPerStep);
        if (length == Script.Undefined)
        {
            return rest;
        }

        var count = script.Whole(length);
        return rest[..(int)Math.Clamp(count < 0 ? rest.Length + count : count, 0, rest.Length)];
    }
}
