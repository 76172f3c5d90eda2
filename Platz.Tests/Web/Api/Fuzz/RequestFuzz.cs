namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>Requests that are malformed for certain, the same for the same seed; each can be made alone.</summary>
internal sealed class RequestFuzz(KnownApi known, string token, int seed)
{
    private static readonly string[] s_methods =
        ["GET", "PUT", "POST", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND", "QUERY", "G", "GETGETGET",
            "M-SEARCH", "!#$"];

    private static readonly string[] s_noPaths =
        ["nothing", "..%2f..%2fetc%2fpasswd", "%c0%ae%c0%ae", "%F0%9F%92%A9", "deployments;x", "%", "%zz",
            "deployments/x/y/z", "deployments.json", "..;/admin", "%252e%252e", "'or'1'='1", "<script>",
            "deployments|x", "~", "*"];

    private static readonly string[] s_noise =
        ["Accept: */*;q=x,,,", "If-None-Match: \"", "Range: bytes=-", "Cookie: a=b; ; =; platz=;",
            "Cookie: platz=CfDJ8",
            "X-Forwarded-For: 127.0.0.1, ::1, x", "X-Forwarded-Proto: gopher", "X-Forwarded-Host: evil.example",
            "Forwarded: for=\"_x\"",
            "Origin: null", "Origin: https://evil.example", "Referer: \\\\x", "User-Agent: ${jndi:ldap://x}",
            "X-HTTP-Method-Override: DELETE",
            "Upgrade: websocket", "Sec-WebSocket-Protocol: ,,,", "Accept-Encoding: x;q=1e9",
            "If-Modified-Since: never", "Expect: x", "TE: x",
            "Date: \t", "Connection: x, y", "traceparent: 00-x-y-z", "baggage: ====", "Idempotency-Key: 1",
            "Sec-Fetch-Site: x"];

    public FuzzRequest Make(int number)
    {
        var dice = new Dice(HashCode(seed, number));
        var operation = dice.Of(known.Operations);
        var path = operation.HasId
            ? operation.Path.Replace("{id}", known.IdIn(operation.Path, dice), StringComparison.Ordinal)
            : operation.Path;
        List<string> headers = [$"x-platz-token: {token}"];
        if (dice.Falls(3))
        {
            headers.Add(dice.Of(s_noise));
        }

        var request = new FuzzRequest(operation.Method, path, "") { Headers = headers };
        return dice.To(10) switch
        {
            0 => Place(request, operation, dice),
            1 => Head(request, operation, dice),
            <= 4 when operation.Query.Count > 0 => Query(request, operation, dice),
            _ when operation.Fields is not null => BodyFuzz.Of(request, operation, known, dice),
            <= 6 when operation.Query.Count > 0 => Query(request, operation, dice),
            _ => Place(request, operation, dice),
        };
    }

    private static FuzzRequest Query(FuzzRequest request, ApiOperation operation, Dice dice)
    {
        var parameter = dice.Of(operation.Query);
        var name = parameter["name"]!.GetValue<string>();
        var bad = $"{name}={FieldFuzz.BadText(parameter["schema"]!, dice)}";
        var query = dice.To(5) switch
        {
            0 => $"{bad}&{bad}",
            1 => $"x=%ff&{bad}&=&&&",
            2 => $"{string.Join('&', Enumerable.Range(0, 300).Select(i => $"p{i}=1"))}&{bad}",
            _ => bad,
        };
        return request with { Fault = $"bad {name}", Target = $"{request.Target}?{query}" };
    }

    private static FuzzRequest Place(FuzzRequest request, ApiOperation operation, Dice dice) => dice.To(4) switch
    {
        0 => request with { Fault = "method", Method = dice.Of(s_methods.Except(operation.Methods).ToArray()) },
        1 => request with { Fault = "path", Target = $"/api/v2/{dice.Of(s_noPaths)}" },
        2 when operation.HasId => request with
        {
            Fault = "id",
            Target = operation.Path.Replace(
                "{id}", dice.Of("x", $"{dice.Id()}0", $"{dice.Id()}"[1..], "%20", "-1", "..%2f", new string('a',
                5_000), "%ff", "(1)"),
                StringComparison.Ordinal),
        },
        _ => request with { Fault = "overlong", Target = $"{request.Target}?x={new string('x', 8_192 + dice.To(4_000))}" },
    };

    private static FuzzRequest Head(FuzzRequest request, ApiOperation operation, Dice dice)
    {
        if (dice.Falls(4))
        {
            return request with
            {
                Fault = "overlong headers",
                Headers = [.. request.Headers, $"x-filler: {new string('x', 16_384 + dice.To(4_000))}"],
            };
        }

        if (dice.Falls(4) && operation.Id is "createDeployment" or "updateDeployment" or "createDeploymentTask")
        {
            var key = dice.Of(new string('k', 256), "\xc3\xa9", "a\tb");
            return request with
            {
                Fault = "bad key",
                Headers = [.. request.Headers.Append($"Idempotency-Key: {key}"), "Content-Type: application/json"],
                Body = "{}",
            };
        }

        if (operation.Doc["security"] is null)
        {
            return request with { Fault = "method", Method = "PATCH" };
        }

        var bad = dice.Of(
            "", "x", "pltz_u_", $"pltz_u_{new string('0', 36)}", "\xc3\xa9\xf0\x9f\x92\xa9", "' or 1=1",
            new string('9', 9_000), "a.b.c",
            "eyJhbGciOiJub25lIn0.e30.", "\t");
        string[] from =
        [
            $"x-platz-token: {bad}", $"Authorization: Bearer {bad}", $"Authorization: {bad}",
            $"Cookie: platz={bad}; platz={bad}", "",
        ];
        return request with { Fault = "bad token", Headers = dice.Of(from) is { Length: > 0 } header ? [header] : [] };
    }

    /// <summary>The framework's own differs from run to run.</summary>
    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + (number * 16_777_619));
}
