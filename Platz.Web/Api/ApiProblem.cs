using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using Platz.Core.Catalog;
using Platz.Core.Deployments;

namespace Platz.Web.Api;

/// <summary>
/// An error as the API tells it: RFC 9457, with <c>message</c> beside it, which is what existing clients show, and with
/// <c>errors</c> by field.
/// </summary>
internal sealed record ApiProblem([property: JsonPropertyOrder(-1)] int Status, string Detail) : IResult
{
    private static readonly string[] s_places = ["/api", "/openapi", "/healthz", "/hubs"];

    [JsonPropertyOrder(-3)]
    public string Type { get; } = "about:blank";

    [JsonPropertyOrder(-2)]
    public string Title => ReasonPhrases.GetReasonPhrase(Status);

    public string Message => Detail;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Leads from the answer to the log, where a fault of ours is explained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    public static ApiProblem BadRequest(string detail) => new(StatusCodes.Status400BadRequest, detail);

    public static ApiProblem NotFound(string what) => new(StatusCodes.Status404NotFound, $"There is no such {what}.");

    public static ApiProblem Conflict(string detail, string? field = null) =>
        new(StatusCodes.Status409Conflict, detail)
        {
            Errors = field is null ? null : ByField([new FieldError(field, detail)]),
        };

    /// <summary>For input that can be read but not accepted (422), and for parameters (400).</summary>
    public static ApiProblem Invalid(
        IReadOnlyList<FieldError> errors, int status = StatusCodes.Status422UnprocessableEntity) =>
        new(status, string.Join(' ', errors.Select(e => e.Field.Length == 0 ? e.Message : $"{e.Field}: {e.Message}")))
        {
            Errors = ByField(errors),
        };

    /// <param name="what">What was looked for, should it not be there.</param>
    public static ApiProblem Of(SaveResult refusal, string what) => refusal switch
    {
        SaveResult.Invalid(var errors) => Invalid(errors),
        SaveResult.Conflict(var message, var field) => Conflict(message, field),
        SaveResult.Forbidden(var message) => new ApiProblem(StatusCodes.Status403Forbidden, message),
        _ => NotFound(what),
    };

    /// <inheritdoc cref="Of(SaveResult, string)"/>
    public static ApiProblem Of(SettingResult refusal, string what) => refusal switch
    {
        SettingResult.Invalid(var errors) => Invalid(errors),
        SettingResult.Conflict(var message) => Conflict(message),
        SettingResult.Forbidden(var message) => new ApiProblem(StatusCodes.Status403Forbidden, message),
        _ => NotFound(what),
    };

    /// <summary>Whether a program reads what is answered there, and no person.</summary>
    public static bool IsRead(HttpContext context) => s_places.Any(place => context.Request.Path.StartsWithSegments(place));

    /// <summary>For what never reached an endpoint, or left it without a word.</summary>
    public static ApiProblem For(int status) => new(status, status switch
    {
        StatusCodes.Status401Unauthorized => "A valid API token is needed, in x-platz-token or as a bearer token.",
        StatusCodes.Status403Forbidden => "This needs the rights of a site admin.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => "This address does not know this method.",
        StatusCodes.Status406NotAcceptable => "There is no such form of it.",
        StatusCodes.Status408RequestTimeout => "The request did not come to its end in time.",
        StatusCodes.Status412PreconditionFailed => "Somebody else has changed this since you read it; read it again.",
        StatusCodes.Status413PayloadTooLarge => "The body is too large: at most 1 MiB.",
        StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, with content type application/json.",
        StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge =>
            "The address or the headers are too long.",
        StatusCodes.Status429TooManyRequests => "Too many requests: wait a moment.",
        StatusCodes.Status503ServiceUnavailable => "The database cannot be reached at the moment.",
        StatusCodes.Status500InternalServerError => "Something went wrong here; the log of this server says what.",
        _ => ReasonPhrases.GetReasonPhrase(status),
    });

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests
            && httpContext.Response.Headers.RetryAfter.Count == 0)
        {
            httpContext.Response.Headers.RetryAfter = "5";
        }

        return httpContext.Response.WriteAsJsonAsync(
            this, ApiJson.Default.ApiProblem, "application/problem+json", httpContext.RequestAborted);
    }

    private static Dictionary<string, string[]>? ByField(IEnumerable<FieldError> errors) =>
        errors.Where(e => e.Field.Length > 0).GroupBy(e => e.Field)
            .ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray()) is { Count: > 0 } byField
            ? byField
            : null;
}
