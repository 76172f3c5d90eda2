using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platz.Sandbox.Store;

/// <summary>A label selector, from a query (<c>a=b,c in (d,e),!f</c>) or from an object's spec.</summary>
public sealed partial class LabelSelector
{
    private readonly List<Requirement> _requirements = [];

    public bool IsEmpty => _requirements.Count == 0;

    public static LabelSelector Parse(string? text)
    {
        var selector = new LabelSelector();
        var rest = text?.Trim() ?? "";
        while (rest.Length > 0)
        {
            var match = Term.Match(rest);
            if (!match.Success)
            {
                throw ApiException.BadRequest(
                    $"found '{FirstToken.Match(rest).Value}', expected: !, identifier, or 'end of string'");
            }

            selector._requirements.Add(Read(match));
            rest = rest[match.Length..];
        }

        return selector;
    }

    /// <summary>Reads matchLabels and matchExpressions; a missing selector matches nothing.</summary>
    public static LabelSelector? Of(JsonObject? spec)
    {
        if (spec is null)
        {
            return null;
        }

        var selector = new LabelSelector();
        foreach (var (key, value) in spec.Object("matchLabels") ?? [])
        {
            selector._requirements.Add(new Requirement(key, "in", [value.Text() ?? ""]));
        }

        foreach (var expression in spec.Objects("matchExpressions"))
        {
            selector._requirements.Add(new Requirement(expression.Text("key") ?? "",
                (expression.Text("operator") ?? "").ToLowerInvariant(), [.. expression.Texts("values")]));
        }

        return selector;
    }

    public bool Matches(JsonObject json)
    {
        var labels = json.Object("metadata", "labels");
        return _requirements.TrueForAll(requirement => requirement.Matches(labels));
    }

    /// <summary>As the scale subresource writes it.</summary>
    public override string ToString() => string.Join(',', _requirements.Select(requirement => requirement.ToString()));

    private static Requirement Read(Match match)
    {
        var key = match.Groups["key"].Value;
        if (match.Groups["not"].Success)
        {
            return new Requirement(key, "doesnotexist", []);
        }

        if (match.Groups["set"].Success)
        {
            return new Requirement(key, match.Groups["set"].Value,
                [.. match.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries)]);
        }

        return match.Groups["op"].Value switch
        {
            "" => new Requirement(key, "exists", []),
            "!=" => new Requirement(key, "notin", [match.Groups["value"].Value]),
            _ => new Requirement(key, "in", [match.Groups["value"].Value]),
        };
    }

    private sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values)
    {
        public bool Matches(JsonObject? labels)
        {
            var value = labels.Text(Key);
            return Operator switch
            {
                "in" => value is not null && Values.Contains(value),
                "notin" => value is null || !Values.Contains(value),
                "exists" => value is not null,
                "doesnotexist" => value is null,
                _ => false,
            };
        }

        public override string ToString() => Operator switch
        {
            "in" when Values.Count == 1 => $"{Key}={Values[0]}",
            "exists" => Key,
            "doesnotexist" => $"!{Key}",
            _ => $"{Key} {Operator} ({string.Join(',', Values)})",
        };
    }

    [GeneratedRegex("""
        ^\s*(?:(?<not>!)\s*)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)\s*
        (?:(?<set>in|notin)\s*\((?<values>[^()]*)\)|(?<op>==|!=|=)\s*(?<value>[-A-Za-z0-9_.]*))?\s*(?:,|$)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Term { get; }

    [GeneratedRegex(@"^(==|!=|=|,|\(|\)|[^\s=!,()]+|.)")]
    private static partial Regex FirstToken { get; }
}
