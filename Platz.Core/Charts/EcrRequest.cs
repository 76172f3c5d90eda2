using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace Platz.Core.Charts;

/// <summary>
/// ECR's GetAuthorizationToken, signed as AWS wants it (Signature Version 4). One call is all that is needed of ECR, so
/// it is written here instead of taking in a client of hundreds.
/// </summary>
internal static class EcrRequest
{
    private const string MediaType = "application/x-amz-json-1.1";

    public static HttpRequestMessage Signed(EcrAddress address, ImmutableCredentials credentials, DateTimeOffset now)
    {
        var body = "{}"u8.ToArray();
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = MediaType,
            ["host"] = address.Api.Authority,
            ["x-amz-date"] = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
            ["x-amz-target"] = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
        };
        if (credentials.UseToken)
        {
            headers["x-amz-security-token"] = credentials.Token;
        }

        var names = string.Join(';', headers.Keys);
        var lines = string.Concat(headers.Select(header => $"{header.Key}:{header.Value.Trim()}\n"));
        var canonical = $"POST\n/\n\n{lines}\n{names}\n{Convert.ToHexStringLower(SHA256.HashData(body))}";
        var signature = AWS4Signer.ComputeSignature(
            credentials, address.Region, now.UtcDateTime, "ecr", names, canonical);
        return Message(address, headers, signature.ForAuthorizationHeader, body);
    }

    private static HttpRequestMessage Message(
        EcrAddress address, SortedDictionary<string, string> headers, string authorization, byte[] body)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, address.Api) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        foreach (var (name, value) in headers.Where(h => h.Key.StartsWith("x-amz-", StringComparison.Ordinal)))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.TryAddWithoutValidation("Authorization", authorization);
        return message;
    }
}
