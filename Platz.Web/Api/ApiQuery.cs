using System.Globalization;
using Platz.Core.Deployments;

namespace Platz.Web.Api;

/// <summary>Reads the parameters of a list; what cannot be read is told, by name, in <see cref="Problem"/>.</summary>
internal sealed class ApiQuery(HttpRequest request)
{
    private readonly List<FieldError> _errors = [];

    public ApiProblem? Problem =>
        _errors.Count == 0 ? null : ApiProblem.Invalid(_errors, StatusCodes.Status400BadRequest);

    /// <summary>Null for a parameter that is absent or empty.</summary>
    public string? Text(string name)
    {
        var text = request.Query[name].ToString();
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            _errors.Add(new FieldError(name, "A NUL character never matches."));
        }

        return text.Length == 0 ? null : text;
    }

    public Guid? Id(string name) =>
        Read<Guid>(name, "an id (UUID)", text => Guid.TryParseExact(text, "D", out var id) ? id : null);

    public bool? Flag(string name) =>
        Read<bool>(name, "true or false", text => bool.TryParse(text, out var flag) ? flag : null);

    public T? Choice<T>(string name) where T : struct, Enum =>
        Read<T>(name, $"one of {string.Join(", ", Enum.GetNames<T>())}",
            text => Enum.GetNames<T>().Contains(text) ? Enum.Parse<T>(text) : null);

    /// <summary>A plus that was not escaped arrives as a space.</summary>
    public DateTimeOffset? Time(string name) =>
        Read<DateTimeOffset>(name, "a time as in RFC 3339 (2026-01-31T12:00:00Z)", text =>
            DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null);

    /// <summary><c>page_size</c> is what the documentation of the existing product calls it.</summary>
    public Paging Paging()
    {
        var page = Number("page", int.MaxValue / Api.Paging.Most) ?? 1;
        var perPage = Number("per_page", Api.Paging.Most) ?? Number("page_size", Api.Paging.Most) ?? 50;
        return new Paging(page, perPage);
    }

    private int? Number(string name, int most) => Read<int>(name, $"a number from 1 to {most}", text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= most ? number : null);

    private T? Read<T>(string name, string expected, Func<string, T?> parse) where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            _errors.Add(new FieldError(name, $"This must be {expected}."));
        }

        return value;
    }
}
