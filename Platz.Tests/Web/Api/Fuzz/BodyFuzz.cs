namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>Bodies that are wrong in one way, in requests that are right in all else.</summary>
internal static class BodyFuzz
{
    private const string Json = "Content-Type: application/json";

    private static readonly string[] s_noJson =
        ["null", "[]", "7", "\"text\"", "true", "nul", "", "{", "}", "[", "{]", "{'a':1}", "{a:1}", "{\"a\":NaN}",
            "{\"a\":-}",
            "{\"a\":+1}", "{\"a\":01}", "{\"a\":0x1F}", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":\"\\x41\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"line\nline\"}", "{\"a\":\"\0\"}", "/* */{}", "{}//", "{}{}", "{} x", "{}\0", "\xef\xbb\xbf",
            "\xfe\xff\0{\0}",
            "\xff\xfe{\0}\0", "<a/>", "a=1&b=2", "--x\r\n\r\n{}", "{\"\\ud800\":1}", "{\"a\":{\"\\udfff\":1}}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":1,\"\\u0061\":2}", "{\"a\":\"" + "\x1b" + "\"}", "{\"\xff\xfe\":1}"];

    private static readonly string[] s_types =
        ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
            "json",
            "application/octet-stream", "text/json5", "application/jsonp", "/", ";", "application/json/x", "\xc3\xa9"];

    public static FuzzRequest Of(FuzzRequest request, ApiOperation operation, KnownApi known, Dice dice)
    {
        var headers = request.Headers.Append(Json).ToList();
        var fields = operation.Fields!.ToDictionary(f => f.Key, f => FieldFuzz.Good(f.Key, f.Value!, known, dice));
        var good = Written(fields);
        return dice.To(12) switch
        {
            0 => request with { Fault = "no JSON object", Headers = headers, Body = NoJson(operation, dice) },
            1 => request with { Fault = "cut JSON", Headers = headers, Body = good[..(1 + dice.To(good.Length - 1))] },
            2 => request with { Fault = "promised more", Headers = headers, Body = good, Missing = 1 + dice.To(9_999) },
            3 => request with { Fault = "deep", Headers = headers, Body = Deep(dice) },
            4 => request with { Fault = "type", Headers = [.. request.Headers, .. Type(dice)], Body = good },
            5 => request with { Fault = "bad chunks", Headers = headers, IsChunked = true, Body = Chunks(good, dice) },
            6 when operation.Needed.Count > 0 =>
                Without(request with { Headers = headers }, fields, dice.Of(operation.Needed), dice),
            7 when dice.Falls(10) => Huge(request with { Headers = headers }, operation, fields, dice),
            8 => request with { Fault = "given twice", Headers = headers, Body = Twice(good, dice) },
            _ => Wrong(request with { Headers = headers }, operation, fields, dice),
        };
    }

    private static string Written(IEnumerable<KeyValuePair<string, string>> fields) =>
        $"{{{string.Join(',', fields.Select(f => $"\"{f.Key}\":{f.Value}"))}}}";

    /// <summary>Where a body may be left out, an empty one is none.</summary>
    private static string NoJson(ApiOperation operation, Dice dice) =>
        dice.Of(s_noJson) is var body && body.Length == 0 && operation.Needed.Count == 0 ? "[" : body;

    private static string Deep(Dice dice)
    {
        var depth = 64 + dice.To(3_000);
        var (open, close) = dice.Falls(2) ? ("[", "]") : ("{\"a\":", "}");
        var ends = dice.Falls(2) ? string.Concat(Enumerable.Repeat(close, depth)) + "}" : "";
        return $"{{\"{dice.Of("config", "name", "x")}\":{string.Concat(Enumerable.Repeat(open, depth))}1{ends}";
    }

    private static IEnumerable<string> Type(Dice dice) => dice.Falls(4) ? [] : [$"Content-Type: {dice.Of(s_types)}"];

    private static string Chunks(string good, Dice dice) => dice.Of(
        "zz\r\n" + good, "-1\r\n" + good, "FFFFFFFFFFFFFFFFF\r\n" + good, $"{good.Length:x}\r\n{good}X\r\n0\r\n\r\n",
        "\r\n\r\n",
        $"{good.Length:x} x\r\n{good}\r\n0\r\n\r\n", "1\r\n{\r\n1\r\n[\r\n0\r\n\r\n");

    private static string Twice(string good, Dice dice)
    {
        var name = good.Split('"')[1];
        return $"{{\"{name}\":{dice.Of("1", "null", "\"x\"", "[]")},{good[1..]}";
    }

    private static FuzzRequest Without(FuzzRequest request, Dictionary<string, string> fields, string name, Dice dice)
    {
        var left = dice.Falls(2)
            ? fields.Where(f => f.Key != name)
            : fields.Select(f => f.Key == name ? new(name, "null") : f);
        return request with { Fault = $"without {name}", Body = Written(left) };
    }

    private static FuzzRequest Wrong(
        FuzzRequest request, ApiOperation operation, Dictionary<string, string> fields, Dice dice)
    {
        var field = dice.Of(operation.Fields!.ToArray());
        fields[field.Key] = FieldFuzz.Bad(field.Value!, dice);
        return request with { Fault = $"bad {field.Key}", Body = Written(fields) };
    }

    private static FuzzRequest Huge(
        FuzzRequest request, ApiOperation operation, Dictionary<string, string> fields, Dice dice)
    {
        if (dice.Falls(2))
        {
            var promised = dice.Of(1_048_576L, 3_000_000_000L, 99_999_999_999_999L);
            return request with { Fault = "too large", Body = "{", Missing = promised };
        }

        var typed = operation.Fields!.Where(f => f.Value!["type"] is not null).Select(f => f.Key);
        var name = dice.Of(typed.DefaultIfEmpty("").ToArray());
        fields[name] = $"[{string.Join(',', Enumerable.Repeat(7, 100_000))}]";
        return name.Length == 0
            ? request with { Fault = "huge list", Body = fields[name] }
            : request with { Fault = $"huge list in {name}", Body = Written(fields) };
    }
}
