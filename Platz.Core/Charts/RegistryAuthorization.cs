using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platz.Core.Charts;

/// <summary>
/// Answers a registry's challenge: Basic, or a Bearer token fetched from its token service (the realm). The realm is
/// asked only if it is the registry itself (same host and port), the <see cref="RegistrySource.AuthHost"/> somebody
/// configured, or the known partner of a public registry; and never without TLS where the registry has it. A registry
/// that names another host gets nothing, not even an anonymous request: it would be choosing where this server sends
/// things.
/// </summary>
internal sealed partial class RegistryAuthorization(
    RegistrySource source, RegistryLogins logins, RegistryAddress address, TimeProvider clock, HttpClient http)
{
    private const int LongestToken = 256 * 1024;
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, string> s_partners = new()
    {
        ["registry-1.docker.io"] = "auth.docker.io",
        ["registry.gitlab.com"] = "gitlab.com",
    };

    private readonly ConcurrentDictionary<string, BearerToken> _tokens = new();
    private volatile bool _basic;

    /// <summary>What to send unasked: a token that still holds, or the password once Basic was asked for.</summary>
    public async ValueTask<AuthenticationHeaderValue?> HeaderForAsync(string scope, CancellationToken cancel)
    {
        if (_tokens.TryGetValue(scope, out var token) && token.Until > clock.GetUtcNow())
        {
            return new AuthenticationHeaderValue("Bearer", token.Text);
        }

        return _basic ? await BasicAsync(cancel) : null;
    }

    /// <summary>Gets ready for a second try, or throws.</summary>
    public async Task AnswerAsync(
        HttpResponseMessage refusal, RegistryRequest request, RegistryTrouble trouble, CancellationToken cancel)
    {
        _tokens.TryRemove(request.Scope, out _);
        var challenges = refusal.Headers.WwwAuthenticate;
        if (Challenge(challenges, "Bearer") is { Parameter: { } parameters })
        {
            _tokens[request.Scope] = await FetchAsync(parameters, trouble, cancel);
        }
        else if (Challenge(challenges, "Basic") is not null && logins.Any
            && refusal.RequestMessage?.Headers.Authorization is not { Scheme: "Basic" })
        {
            _basic = true;
        }
        else
        {
            throw await trouble.AnsweredAsync(refusal, retryAfter: null, cancel);
        }
    }

    private async Task<BearerToken> FetchAsync(string parameters, RegistryTrouble trouble, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, TokenUri(parameters, trouble));
        message.Headers.Authorization = await BasicAsync(cancel);
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
        {
            throw await trouble.AnsweredAsync(response, response.Headers.RetryAfter?.Delta, cancel);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var body = await stream.ReadAtMostAsync(LongestToken, cancel) ?? throw trouble.TooLarge(LongestToken);
        return Token(body) ?? throw trouble.Invalid("its token service gave no token");
    }

    private BearerToken? Token(byte[] body)
    {
        try
        {
            var json = JsonSerializer.Deserialize(body, OciJson.Default.TokenJson);
            var lifetime = TimeSpan.FromSeconds(Math.Clamp(json?.ExpiresIn ?? 60, 0, 3600)) - s_margin;
            var text = json?.Token ?? json?.AccessToken;
            return !string.IsNullOrEmpty(text) && text.All(char.IsAscii) && !text.Any(c => c is <= ' ' or '\x7f')
                ? new BearerToken(text, clock.GetUtcNow() + lifetime)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Uri TokenUri(string parameters, RegistryTrouble trouble)
    {
        var named = Parameter.Matches(parameters).ToLookup(
            m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.OrdinalIgnoreCase);
        if (!Uri.TryCreate(named["realm"].FirstOrDefault(), UriKind.Absolute, out var realm) || !IsTrusted(realm))
        {
            throw trouble.Invalid($"it wants the credentials sent to {realm?.Authority ?? "an unknown place"}, "
                + "which is not done; if that is its token service, name that host as AuthHost of the registry");
        }

        string[] query =
        [
            .. realm.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries),
            .. named["service"].Select(service => $"service={Uri.EscapeDataString(service)}"),
            .. named["scope"].Select(scope => $"scope={Uri.EscapeDataString(scope)}"),
        ];
        return new UriBuilder(realm) { Query = string.Join('&', query), Fragment = "" }.Uri;
    }

    private bool IsTrusted(Uri realm)
    {
        var secureEnough = realm.Scheme == Uri.UriSchemeHttps
            || (realm.Scheme == Uri.UriSchemeHttp && address.PlainHttp);
        return secureEnough && realm.UserInfo is "" && (
            realm.Authority == address.Host
            || string.Equals(realm.Authority, source.AuthHost, StringComparison.OrdinalIgnoreCase)
            || (realm.Authority == s_partners.GetValueOrDefault(address.Host) && realm.Scheme == Uri.UriSchemeHttps));
    }

    private async ValueTask<AuthenticationHeaderValue?> BasicAsync(CancellationToken cancel) =>
        await logins.GetAsync(cancel) is { } login
            ? new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password}")))
            : null;

    private static AuthenticationHeaderValue? Challenge(
        IEnumerable<AuthenticationHeaderValue> challenges, string scheme) =>
        challenges.FirstOrDefault(c => string.Equals(c.Scheme, scheme, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"(\w+)\s*=\s*""([^""]*)""")]
    private static partial Regex Parameter { get; }

    private sealed record BearerToken(string Text, DateTimeOffset Until);
}
