using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Platz.Core.Charts;

/// <summary>
/// Requests to one registry: signed in when asked to, redirected, bounded in time and size. Credentials and tokens go
/// to the registry's own scheme, host and port only; a redirect elsewhere is followed without them, and never out of
/// TLS.
/// </summary>
internal sealed partial class RegistryConnection : IDisposable
{
    private const int MostRedirects = 5;
    private const int MostWaits = 2;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly RegistryAuthorization _authorization;
    private readonly RegistryLogins _logins;
    private readonly TimeProvider _clock;

    public RegistryConnection(
        RegistrySource source, RegistryLogins logins, TimeProvider clock, HttpMessageHandler handler)
    {
        Address = RegistryAddress.Parse(source.Url);
        _logins = logins;
        _clock = clock;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // every request has its own
        _authorization = new RegistryAuthorization(source, logins, Address, clock, _http);
    }

    public RegistryAddress Address { get; }

    /// <summary>Nothing is taken from the environment: no proxy, no cookies, no ambient credentials.</summary>
    public static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // or a changed DNS entry would never be seen
        MaxResponseHeadersLength = 32, // KiB
    };

    public RegistryTrouble TroubleWith(string subject) => new(Address, _logins.Advice, subject);

    public async Task<RegistryReply> SendAsync(RegistryRequest request, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(request.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await FollowAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw TroubleWith(request.Subject).Silent(request.Timeout);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw TroubleWith(request.Subject).Unreachable(e);
        }
    }

    public ValueTask<RegistryLogin?> LoginAsync(CancellationToken cancel) => _logins.GetAsync(cancel);

    public void Dispose()
    {
        _http.Dispose();
        _logins.Dispose();
    }

    private async Task<RegistryReply> FollowAsync(RegistryRequest request, CancellationToken cancel)
    {
        var uri = request.Uri;
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var response = await SignedInAsync(request, uri, cancel);
            if (!IsRedirect(response.StatusCode))
            {
                return await ReadAsync(request, uri, response, cancel);
            }

            uri = Target(request, uri, response);
        }

        throw TroubleWith(request.Subject).Invalid($"more than {MostRedirects} redirects");
    }

    /// <summary>The answer after a challenge was met and a short "not now" was waited for.</summary>
    private async Task<HttpResponseMessage> SignedInAsync(RegistryRequest request, Uri uri, CancellationToken cancel)
    {
        var challenged = false;
        for (var waits = 0; ;)
        {
            var response = await SendOnceAsync(request, uri, cancel);
            if (response.StatusCode is HttpStatusCode.Unauthorized && !challenged && IsOurs(uri))
            {
                challenged = true;
                using (response)
                {
                    await _authorization.AnswerAsync(response, request, TroubleWith(request.Subject), cancel);
                }
            }
            else if (waits < MostWaits && RetryAfter(response) is { } wait && wait <= s_longestWait)
            {
                waits++;
                response.Dispose();
                await Task.Delay(wait, _clock, cancel);
            }
            else
            {
                return response;
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, Uri uri, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(request.Method, uri);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("platz", null));
        message.Headers.Authorization = IsOurs(uri) ? await _authorization.HeaderForAsync(request.Scope, cancel) : null;
        return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private async Task<RegistryReply> ReadAsync(
        RegistryRequest request, Uri uri, HttpResponseMessage response, CancellationToken cancel)
    {
        var trouble = TroubleWith(request.Subject);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw await trouble.AnsweredAsync(response, RetryAfter(response), cancel);
        }

        if (request.Method == HttpMethod.Get && response.Content.Headers.ContentLength > request.Limit)
        {
            throw trouble.TooLarge(request.Limit);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var body = await stream.ReadAtMostAsync(request.Limit, cancel) ?? throw trouble.TooLarge(request.Limit);
        return new RegistryReply(body, response.Content.Headers.ContentType?.MediaType,
            Header(response, "Docker-Content-Digest"), Next(response, uri, trouble));
    }

    private bool IsOurs(Uri uri) => uri.Scheme == Address.Root.Scheme && uri.Authority == Address.Root.Authority;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private Uri Target(RegistryRequest request, Uri from, HttpResponseMessage response)
    {
        var trouble = TroubleWith(request.Subject);
        if (response.Headers.Location is not { } location)
        {
            throw trouble.Invalid("a redirect to nowhere");
        }

        var target = new Uri(from, location);
        return target switch
        {
            { Scheme: not ("http" or "https") } or { UserInfo: not "" } =>
                throw trouble.Invalid("a redirect to no web address"),
            { Scheme: "http" } when from.Scheme == Uri.UriSchemeHttps =>
                throw trouble.Invalid($"a redirect to {target.Host} without TLS, which is not followed"),
            _ => target,
        };
    }

    private Uri? Next(HttpResponseMessage response, Uri uri, RegistryTrouble trouble)
    {
        var link = Header(response, "Link") is { } header ? NextLink.Match(header) : Match.Empty;
        if (!link.Success)
        {
            return null;
        }

        return Uri.TryCreate(uri, link.Groups[1].Value, out var next) && IsOurs(next)
            ? next
            : throw trouble.Invalid("its next page is not on the same host");
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (429 or 503) || response.Headers.RetryAfter is not { } header)
        {
            return null;
        }

        var wait = header.Delta ?? (header.Date - _clock.GetUtcNow()) ?? TimeSpan.Zero;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    [GeneratedRegex(@"<([^<>]*)>\s*;\s*rel=""?next""?", RegexOptions.IgnoreCase)]
    private static partial Regex NextLink { get; }
}
