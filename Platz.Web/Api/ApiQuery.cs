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

    /// <summary>One of these words; null for a parameter that is absent or empty.</summary>
    public string? Word(string name, params string[] words)
    {
        var word = Text(name);
        if (word is not null && !words.Contains(word))
        {
            _errors.Add(new FieldError(name, $"This must be one of {string.Join(", ", words)}."));
        }

        return word;
    }

    /// <summary>A whole number of at least this; what is larger than <paramref name="most"/> means that.</summary>
    public long? Number(string name, long least, long most) => Read<long>(name, $"a number from {least:N0}", text =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? Math.Min(number, most)
            : null);

    /// <summary>What another reader of the same parameters found wrong.</summary>
    public void Add(IEnumerable<FieldError> errors) => _errors.AddRange(errors);

    public DateTimeOffset? Time(string name) =>
        Read<DateTimeOffset>(name, "a time as in RFC 3339 (2026-01-31T12:00:00Z)", IsoTime.ParseLoosely);

    /// <summary>
    /// <c>page_size</c> is what the documentation of the existing product calls it. Who asks for more than there is on a
    /// page gets the largest, and is told so in the answer: existing clients know of no limit.
    /// </summary>
    public Paging Paging()
    {
        var page = Read<int>("page", $"a number from 1 to {int.MaxValue / Api.Paging.Most}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= 1 && number <= int.MaxValue / Api.Paging.Most ? number : null);
        return new Paging(page ?? 1, PerPage());
    }

    public int PerPage() => (int)(Number("per_page", least: 1, Api.Paging.Most)
        ?? Number("page_size", least: 1, Api.Paging.Most) ?? 50);

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
