using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>
/// Bearer tokens: the admin's, those of configured users, and service account tokens signed with our own key.
/// </summary>
public sealed class Tokens(byte[] key, IReadOnlyDictionary<string, string> users, ObjectStore store, TimeProvider clock)
{
    private const string Issuer = "https://kubernetes.default.svc.cluster.local";
    private static readonly string s_header = Encode(Encoding.UTF8.GetBytes("""{"alg":"HS256","typ":"JWT"}"""));

    /// <summary>The same as long as the data folder lives, so that a written kubeconfig stays good.</summary>
    public string Admin { get; } = $"sandbox-{Convert.ToHexStringLower(Sign(key, "admin"))}";

    public string Issue(string ns, string account, string uid, DateTimeOffset expires)
    {
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray(Issuer),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = clock.GetUtcNow().ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = ns,
                ["serviceaccount"] = new JsonObject { ["name"] = account, ["uid"] = uid },
            },
            ["sub"] = $"system:serviceaccount:{ns}:{account}",
        };
        var signed = $"{s_header}.{Encode(StoredObject.Write(claims))}";
        return $"{signed}.{Encode(Sign(key, signed))}";
    }

    /// <summary>Who a request is from; a token that is not ours, has expired or lost its account is a 401.</summary>
    internal Caller Authenticate(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return Caller.Anonymous;
        }

        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
        if (Same(token, Admin))
        {
            return Caller.Admin;
        }

        return users.TryGetValue(token, out var user)
            ? Caller.User(user)
            : OfServiceAccount(token) ?? throw ApiException.Unauthorized();
    }

    private Caller? OfServiceAccount(string token)
    {
        if (token.Split('.') is not [var header, var payload, var signature]
            || !Same(signature, Encode(Sign(key, $"{header}.{payload}"))))
        {
            return null;
        }

        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(payload));
        var ns = claims.Text("kubernetes.io", "namespace") ?? "";
        var name = claims.Text("kubernetes.io", "serviceaccount", "name") ?? "";
        var account = store.Find(ResourceTypes.ServiceAccounts, ns, name);
        var isGood = account?.Uid == claims.Text("kubernetes.io", "serviceaccount", "uid")
            && clock.GetUtcNow().ToUnixTimeSeconds() < claims.Number("exp");
        return isGood ? Caller.ServiceAccount(ns, name) : null;
    }

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
