using System.Text;
using System.Text.Json;
using Amazon.Runtime;

namespace Platz.Core.Charts;

/// <summary>
/// ECR's password of the day. It holds for twelve hours as a rule and is asked for anew after two thirds of its time,
/// so that what is handed to a helm pod outlives it; should ECR not answer then, the old one serves on meanwhile.
/// </summary>
internal sealed class EcrTokens(EcrAddress address, TimeProvider clock, AwsIdentity.Find identity) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_longestLife = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_lastUse = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http =
        new(RegistryConnection.NewHandler()) { Timeout = Timeout.InfiniteTimeSpan }; // the whole exchange has one

    private readonly SemaphoreSlim _one = new(1);
    private Token? _token;

    public async Task<RegistryLogin> GetAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (_token is null || clock.GetUtcNow() >= _token.RefreshAt)
            {
                _token = await RenewAsync(cancel);
            }

            return _token.Login;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _one.Dispose();
    }

    private async Task<Token> RenewAsync(CancellationToken cancel)
    {
        try
        {
            return await FetchAsync(cancel);
        }
        catch (RegistryException) when (_token is { } old && old.Until - clock.GetUtcNow() > s_lastUse)
        {
            return old with { RefreshAt = clock.GetUtcNow() + s_pause };
        }
    }

    private async Task<Token> FetchAsync(CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            var credentials = await identity(either.Token).WaitAsync(either.Token);
            using var request = EcrRequest.Signed(address, credentials, clock.GetUtcNow());
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var body = await stream.ReadAtMostAsync(LongestAnswer, either.Token) ?? throw Invalid("far too much");
            return response.IsSuccessStatusCode ? Read(body) : throw Refused((int)response.StatusCode, body);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {s_patience.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(RegistryTrouble.Tame(e.Message).TrimEnd('.'), e);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException)
        {
            throw new RegistryException(RegistryErrorKind.Unauthorized,
                $"This machine has no AWS identity for registry {address.Host}: {RegistryTrouble.Tame(e.Message)} "
                + "Give its service account or instance a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
                e);
        }
    }

    private Token Read(byte[] body)
    {
        try
        {
            var json = JsonSerializer.Deserialize(body, OciJson.Default.EcrTokensJson);
            if (json?.AuthorizationData is not [{ AuthorizationToken: { } text, ExpiresAt: { } expires }, ..]
                || Parts(text) is not [var user, var password])
            {
                throw Invalid("no token");
            }

            var now = clock.GetUtcNow();
            var seconds = Math.Min(expires - now.ToUnixTimeSeconds(), s_longestLife.TotalSeconds);
            return seconds > 0
                ? new Token(new RegistryLogin(user, password), now.AddSeconds(seconds), now.AddSeconds(seconds * 2 / 3))
                : throw Invalid("a token that has expired already; check the clock of this machine");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Invalid("something else than a token");
        }
    }

    private static string[] Parts(string token) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split(':', 2);

    private RegistryException Refused(int status, byte[] body)
    {
        var error = Error(body);
        var kind = (error?.Type ?? "").Split('#')[^1];
        var detail = RegistryTrouble.Tame($"{status} {kind} {error?.Message ?? error?.MessageToo}").TrimEnd('.');
        return status >= 500 || status is 429 || kind.Contains("Throttl", StringComparison.Ordinal)
            ? Unreachable(detail)
            : new RegistryException(RegistryErrorKind.Unauthorized,
                $"AWS gives no token for registry {address.Host} ({detail}). Check the AWS identity of this machine, "
                + "and that it may ecr:GetAuthorizationToken.");
    }

    private static AwsErrorJson? Error(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, OciJson.Default.AwsErrorJson);
        }
        catch (JsonException)
        {
            return null; // a page of a proxy: the status says enough
        }
    }

    private RegistryException Unreachable(string why, Exception? cause = null) => new(RegistryErrorKind.Unreachable,
        $"Cannot get a token for registry {address.Host} from {address.Api.Authority}: {why}.", cause);

    private RegistryException Invalid(string what) => new(RegistryErrorKind.Invalid,
        $"Asked for a token for registry {address.Host}, {address.Api.Authority} sent {what}.");

    private sealed record Token(RegistryLogin Login, DateTimeOffset Until, DateTimeOffset RefreshAt);
}
