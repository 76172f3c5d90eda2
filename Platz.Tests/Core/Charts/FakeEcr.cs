using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Microsoft.AspNetCore.Http;

namespace Platz.Tests.Core.Charts;

/// <summary>
/// ECR's GetAuthorizationToken for one known identity. It works the signature out itself, from what came over the wire
/// and the published rules, and refuses any other.
/// </summary>
internal sealed partial class FakeEcr(TimeProvider clock)
{
    public const string Region = "eu-west-1";
    public const string Host = $"123456789012.dkr.ecr.{Region}.amazonaws.com";

    public static ImmutableCredentials Identity { get; } = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", "session/token==");

    public int Issued { get; private set; }

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Answers this instead.</summary>
    public (int Status, string Body)? Instead { get; set; }

    public async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var problem = Problem(context.Request, await reader.ReadToEndAsync(context.RequestAborted));
        var (status, body) = (problem, Instead) switch
        {
            ({ } wrong, _) => (400, $$"""
                {"__type":"com.amazon.coral.service#InvalidSignatureException","message":"{{wrong}}"}
                """),
            (_, { } other) => other,
            _ => (200, Token()),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    private string Token()
    {
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:password-{++Issued}"));
        var until = (clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds();
        return $$"""
            {"authorizationData":[{"authorizationToken":"{{token}}","expiresAt":{{until / 1000}}.{{until % 1000:000}},
            "proxyEndpoint":"https://{{Host}}"}]}
            """;
    }

    private string? Problem(HttpRequest request, string body)
    {
        var match = Authorization.Match(request.Headers.Authorization.ToString());
        var date = request.Headers["x-amz-date"].ToString();
        var now = clock.GetUtcNow().UtcDateTime;
        var signed = match.Groups["names"].Value.Split(';');
        return true switch
        {
            _ when request.Method != "POST" || request.Path != "/" || body != "{}" => "not the call",
            _ when request.Headers["x-amz-target"] != "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken" =>
                "another target",
            _ when request.ContentType != "application/x-amz-json-1.1" => "another content type",
            _ when !match.Success => "no signature",
            _ when match.Groups["scope"].Value != $"{now:yyyyMMdd}/{Region}/ecr/aws4_request" => "another scope",
            _ when date != $"{now:yyyyMMdd}T{now:HHmmss}Z" => "another time",
            _ when request.Headers["x-amz-security-token"] != Identity.Token => "another session",
            _ when !signed.Contains("host") || !signed.Contains("x-amz-target")
                || !signed.Contains("x-amz-security-token") => "too little is signed",
            _ when match.Groups["key"].Value != Identity.AccessKey => "another key",
            _ when match.Groups["signature"].Value != Signature(request, body, signed, date, match) => "wrong signature",
            _ => null,
        };
    }

    private static string Signature(HttpRequest request, string body, string[] signed, string date, Match match)
    {
        var lines = string.Concat(signed.Select(name => $"{name}:{request.Headers[name]}\n"));
        var canonical = $"POST\n/\n\n{lines}\n{string.Join(';', signed)}\n{Hash(body)}";
        var text = $"AWS4-HMAC-SHA256\n{date}\n{match.Groups["scope"].Value}\n{Hash(canonical)}";
        var key = Encoding.UTF8.GetBytes("AWS4" + Identity.SecretKey);
        foreach (var part in match.Groups["scope"].Value.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"\AAWS4-HMAC-SHA256 Credential=(?<key>\w+)/(?<scope>[^,]+), "
        + @"SignedHeaders=(?<names>[^,]+), Signature=(?<signature>[0-9a-f]{64})\z")]
    private static partial Regex Authorization { get; }
}
