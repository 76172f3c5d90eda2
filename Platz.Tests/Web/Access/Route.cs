using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platz.Tests.Web.Access;

/// <summary>
/// One line of the table of routes: a request that changes nothing, for it is stopped by something else once it is known
/// that whoever asks may, or asks for what is so already.
/// </summary>
/// <param name="Pattern">As it is mapped; what its parameters may be does not matter.</param>
public sealed partial record Route(string Verb, string Pattern, Rule Needs)
{
    /// <summary>The status once it is known that whoever asks may.</summary>
    public int Answer { get; init; } = 200;

    /// <summary>What stands for the parameter of the pattern.</summary>
    public Guid? Id { get; init; }

    /// <summary>Where the pattern alone does not say it.</summary>
    public string? Address { get; init; }

    public string Query { get; init; } = "";

    public object? Body { get; init; }

    /// <summary>What has to stand in the answer: without it nothing is to be seen.</summary>
    public string? Shows { get; init; }

    /// <summary>Asks for the resource as it never was.</summary>
    public bool IsStale { get; init; }

    /// <summary>What it takes away has to be put back.</summary>
    public bool Takes { get; init; }

    public string Key => KeyOf(Verb, Pattern);

    public static string KeyOf(string verb, string pattern) => $"{verb} {Constraint().Replace(pattern, "}")}";


    public HttpRequestMessage Request()
    {
        var address = Address ?? Parameter().Replace(Pattern, $"{Id}") + Query;
        var request = new HttpRequestMessage(new HttpMethod(Verb), address)
        {
            Content = Body is null ? null : JsonContent.Create(Body, options: JsonSerializerOptions.Default),
        };
        if (IsStale)
        {
            request.Headers.TryAddWithoutValidation("If-Match", "\"1000000\"");
        }

        return request;
    }

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();

    [GeneratedRegex("{[A-Za-z]+}")]
    private static partial Regex Parameter();
}
