using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Platz.Core.Tasks;

namespace Platz.Core.Charts;

/// <summary>The words for what can go wrong with one request: what happened, to what, and what to do.</summary>
internal sealed class RegistryTrouble(RegistryAddress address, string advice, string subject)
{
    private const int LongestError = 8 * 1024;

    private string Registry => $"registry {address.Host}";

    public RegistryException Invalid(string why) =>
        new(RegistryErrorKind.Invalid, $"The {Registry} gave a wrong answer for {subject}: {why}.");

    public RegistryException TooLarge(long limit) => new(RegistryErrorKind.TooLarge,
        $"The {Registry} sent more than {Size(limit)} for {subject}, the most that is read. Push something smaller.");

    public RegistryException Refused(string detail) => new(RegistryErrorKind.Unauthorized,
        $"The {Registry} refuses {subject}{detail}. {advice}");

    public RegistryException Silent(TimeSpan timeout) => new(RegistryErrorKind.Unreachable,
        $"The {Registry} did not answer for {subject} within {timeout.TotalSeconds:0.#} s. "
        + "Check its load and the network.");

    public RegistryException Unreachable(Exception cause) => new(RegistryErrorKind.Unreachable,
        $"Cannot reach {Registry} for {subject}: {Cause(cause)}.", cause);

    public async Task<RegistryException> AnsweredAsync(
        HttpResponseMessage response, TimeSpan? retryAfter, CancellationToken cancel)
    {
        var detail = $" ({(int)response.StatusCode}{await ErrorAsync(response, cancel)})";
        return (int)response.StatusCode switch
        {
            401 or 403 => Refused(detail),
            404 => new(RegistryErrorKind.NotFound,
                $"The {Registry} has no {subject}{detail}. "
                + "Check the path of the registry and that it was pushed there."),
            429 => new(RegistryErrorKind.Unreachable, $"The {Registry} is asked too often, refusing {subject}{detail}. "
                + (retryAfter is { } wait ? $"It asks for {wait.TotalSeconds:0} s of rest." : "Try again later."))
            {
                RetryAfter = retryAfter,
            },
            >= 500 => new(RegistryErrorKind.Unreachable, $"The {Registry} failed at {subject}{detail}. See its log.")
            {
                RetryAfter = retryAfter,
            },
            _ => Invalid($"status{detail}"),
        };
    }

    private static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";

    private string Cause(Exception cause) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: var inner } =>
            inner is AuthenticationException { Message: var why } && !why.Contains("frame", StringComparison.Ordinal)
                ? $"TLS failed, {why.TrimEnd('.')}"
                : "it does not speak TLS; write http:// in its address if that is meant",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            $"{(cause.InnerException?.Message ?? "no connection").TrimEnd('.')}; check the address and that it runs",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            "its headers are too long",
        _ when !address.PlainHttp => "the connection broke off",
        _ => "the connection broke off, or it does not speak plain HTTP",
    };

    /// <summary>What the registry itself says.</summary>
    private static async Task<string> ErrorAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        if (await body.ReadAtMostAsync(LongestError, cancel) is not { Length: > 0 } json)
        {
            return "";
        }

        try
        {
            return JsonSerializer.Deserialize(json, OciJson.Default.ErrorsJson)?.Errors is [{ } error, ..]
                ? Tame(new Redactor(Secrets(response)).Redact($" {error.Code} {error.Message}"))
                : "";
        }
        catch (JsonException)
        {
            return ""; // a page of a proxy: the status says enough
        }
    }

    /// <summary>What the registry was asked with, and may say again.</summary>
    private static IEnumerable<string> Secrets(HttpResponseMessage response)
    {
        if (response.RequestMessage?.Headers.Authorization is not { Parameter: { } credentials } header)
        {
            yield break;
        }

        yield return credentials;
        var basic = new byte[credentials.Length];
        if (header.Scheme is "Basic" && Convert.TryFromBase64String(credentials, basic, out var length))
        {
            yield return Encoding.UTF8.GetString(basic, 0, length).Split(':', 2)[^1];
        }
    }

    /// <summary>A stranger's text, on one line and short.</summary>
    public static string Tame(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).TrimEnd();
        return line.Length <= 200 ? line : line[..200] + "…";
    }
}
