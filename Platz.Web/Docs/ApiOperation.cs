namespace Platz.Web.Docs;

public sealed record ApiOperation(string Method, string Path, string Id)
{
    public string Tag { get; init; } = "";

    public string Summary { get; init; } = "";

    /// <summary>Not of the API that existing clients know.</summary>
    public bool IsAddition { get; init; }

    public bool NeedsToken { get; init; }

    public IReadOnlyList<ApiField> Parameters { get; init; } = [];

    public IReadOnlyList<ApiField> Body { get; init; } = [];

    public string Status { get; init; } = "";

    public IReadOnlyList<string> Media { get; init; } = [];

    public IReadOnlyList<ApiField> Answer { get; init; } = [];

    /// <summary>For a shell that has the address and a token in its environment.</summary>
    public string Curl
    {
        get
        {
            var path = string.Join(
                '/', Path.Split('/').Select(part => part is ['{', .., '}'] ? part[1..^1].ToUpperInvariant() : part));
            var lines = new List<string> { Method == "GET" ? "curl" : $"curl --request {Method}" };
            if (NeedsToken)
            {
                lines.Add("--header \"x-platz-token: $PLATZ_TOKEN\"");
            }

            if (Body.Count > 0)
            {
                var needed = Body.Where(f => f.IsNeeded).Select(f => $"\"{f.Name}\": …");
                lines.Add("--header 'Content-Type: application/json'");
                lines.Add($"--data '{{{string.Join(", ", needed)}}}'");
            }

            lines.Add($"\"$PLATZ_URL{path}\"");
            return string.Join(" \\\n  ", lines);
        }
    }

    public bool Matches(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
        $"{Method} {Path} {Id} {Tag} {Summary}".Contains(word, StringComparison.OrdinalIgnoreCase));
}

/// <param name="Name">Of one that stands inside another: <c>items[].id</c>.</param>
/// <param name="Type">In a word or two.</param>
public sealed record ApiField(string Name, string Type, bool IsNeeded, string Text)
{
    /// <summary>"path" or "query"; empty for one of a body.</summary>
    public string Place { get; init; } = "";
}
