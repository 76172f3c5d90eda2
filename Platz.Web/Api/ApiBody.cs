using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Platz.Core.Deployments;

namespace Platz.Web.Api;

/// <summary>
/// Reads the JSON object of a request field by field. Fields that nobody asks for are ignored, as existing clients
/// expect; what cannot be accepted is told together, by name, in <see cref="Problem"/>.
/// </summary>
internal sealed class ApiBody(JsonObject json)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private readonly List<FieldError> _errors = [];

    /// <summary>As it came, but for spaces and lines.</summary>
    /// <exception cref="InvalidOperationException">It has half of a surrogate pair.</exception>
    public string Whole => json.ToJsonString();

    public ApiProblem? Problem => _errors.Count == 0 ? null : ApiProblem.Invalid(_errors);

    /// <summary>The body, or why there is none.</summary>
    public static async Task<(ApiBody? Body, ApiProblem? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
        {
            return (null, ApiProblem.For(StatusCodes.Status415UnsupportedMediaType));
        }

        try
        {
            var node = await JsonNode.ParseAsync(request.Body, null, s_options, cancel);
            if (node is not JsonObject json)
            {
                return (null, ApiProblem.BadRequest("The body must be a JSON object."));
            }

            _ = json.ContainsKey(""); // its names are read when one is asked for
            return (new ApiBody(json), null);
        }
        catch (InvalidOperationException)
        {
            return (null, ApiProblem.BadRequest(
                "The body is not valid JSON: a name has half of a surrogate pair, or is not in UTF-8."));
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "";
            return (null, ApiProblem.BadRequest($"The body is not valid JSON{place}."));
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, for requests that may come without a body: then no field is given.</summary>
    public static async Task<(ApiBody? Body, ApiProblem? Problem)> ReadOptionalAsync(
        HttpRequest request, CancellationToken cancel) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
            ? (new ApiBody([]), null)
            : await ReadAsync(request, cancel);

    /// <summary>Whether the field was given, null included.</summary>
    public bool Has(string name) => json.ContainsKey(name);

    public string? Text(string name, int most)
    {
        var text = Read<string>(name, "text");
        if (text?.Length > most)
        {
            _errors.Add(new FieldError(name, $"This is too long: at most {most:N0} characters."));
        }
        else if (text?.Contains('\0', StringComparison.Ordinal) is true)
        {
            _errors.Add(new FieldError(name, "A NUL character cannot be stored."));
        }

        return text;
    }

    public Guid? Id(string name)
    {
        var text = Read<string>(name, "an id (UUID)");
        if (text is null)
        {
            return null;
        }

        if (Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }

        _errors.Add(new FieldError(name, "This must be an id (UUID)."));
        return null;
    }

    public Guid RequiredId(string name)
    {
        if (json[name] is null)
        {
            _errors.Add(new FieldError(name, "This field is needed."));
        }

        return Id(name) ?? Guid.Empty;
    }

    /// <summary>One of the names of an enum, in its case.</summary>
    public T RequiredChoice<T>(string name) where T : struct, Enum
    {
        if (Read<string>(name, "text") is { } text && Enum.GetNames<T>().Contains(text))
        {
            return Enum.Parse<T>(text);
        }

        _errors.RemoveAll(e => e.Field == name);
        _errors.Add(new FieldError(name, $"This must be one of {string.Join(", ", Enum.GetNames<T>())}."));
        return default;
    }

    public bool? Flag(string name) => Read<bool?>(name, "true or false");

    public int? Number(string name) => Read<int?>(name, "a whole number");

    public JsonObject? Json(string name)
    {
        if (json[name] is not { } node)
        {
            return null;
        }

        var problem = node is JsonObject ? JsonLimits.Problem(node) : "This must be a JSON object.";
        if (problem is null)
        {
            return node.DeepClone().AsObject();
        }

        _errors.Add(new FieldError(name, problem));
        return null;
    }

    public JsonArray? List(string name)
    {
        if (json[name] is not { } node)
        {
            return null;
        }

        var problem = node is JsonArray ? JsonLimits.Problem(node) : "This must be a list.";
        if (problem is null)
        {
            return node.DeepClone().AsArray();
        }

        _errors.Add(new FieldError(name, problem));
        return null;
    }

    /// <summary>A time as in RFC 3339.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Read<string>(name, "a time as in RFC 3339 (2026-01-31T12:00:00Z)") is not { } text)
        {
            return null;
        }

        if (IsoTime.Parse(text) is { } time)
        {
            return time;
        }

        _errors.Add(new FieldError(name, "This must be a time as in RFC 3339 (2026-01-31T12:00:00Z), from 1970 to 2099."));
        return null;
    }

    private T? Read<T>(string name, string expected)
    {
        if (json[name] is not { } node)
        {
            return default;
        }

        if (JsonLimits.Problem(node) is null && node is JsonValue value && value.TryGetValue<T>(out var found))
        {
            return found;
        }

        _errors.Add(new FieldError(name, $"This must be {expected}."));
        return default;
    }
}
