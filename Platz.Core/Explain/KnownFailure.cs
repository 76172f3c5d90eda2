using System.Text.RegularExpressions;

namespace Platz.Core.Explain;

/// <summary>A failure that is met often, what it means and what to do about it.</summary>
/// <param name="IsGeneral">It only says that something went wrong: a cause found elsewhere tells more.</param>
public sealed record KnownFailure(
    string Name, string Title, string Meaning, IReadOnlyList<string> Steps, bool IsGeneral,
    IReadOnlyList<FailurePattern> Patterns)
{
    private const int LongestFact = 300;

    /// <summary>What a line of output says of this failure; null when it does not speak of it.</summary>
    public IReadOnlyList<Fact>? FactsIn(string line)
    {
        foreach (var pattern in Patterns)
        {
            if (pattern.Find(line) is { } match)
            {
                return [.. match.Groups.Values.Where(g => g.Success && !char.IsDigit(g.Name[0])).Select(ToFact)
                    .Where(fact => fact.Text.Length > 0)];
            }
        }

        return null;
    }

    private static Fact ToFact(Group group)
    {
        var text = group.Value.Trim().TrimEnd('\\');
        var name = group.Name.Replace('_', ' ');
        return new Fact(
            char.ToUpperInvariant(name[0]) + name[1..], text.Length > LongestFact ? text[..LongestFact] + "…" : text);
    }
}

/// <summary>Something that the output names: an image, an object, a file.</summary>
public sealed record Fact(string Name, string Text);
