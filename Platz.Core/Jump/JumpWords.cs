using Platz.Core.Data;

namespace Platz.Core.Jump;

/// <summary>What was typed, taken apart: words that must all be found, and what they may ask for besides.</summary>
public sealed record JumpWords(IReadOnlyList<string> All)
{
    private const int MostWords = 6;

    /// <summary>Fewer digits of an id would stand for the tasks of many hours.</summary>
    private const int FewestDigits = 6;

    private const string Failed = "failed";

    private static readonly string[] s_parts = ["history", "resources", "insight"];

    /// <summary>Whether the failed tasks of a deployment are wanted: "failed" beside what it is called.</summary>
    public bool WantsFailed => All.Count > 1 && All.Contains(Failed);

    /// <summary>The part of a deployment's page that is wanted, named beside what the deployment is called.</summary>
    public string? Part => All.Count > 1 ? All.FirstOrDefault(word => s_parts.Contains(word)) : null;

    /// <summary>What the thing itself is called.</summary>
    public IReadOnlyList<string> Subject =>
        [.. All.Where(word => word != Part && !(WantsFailed && word == Failed))];

    /// <summary>The ids that begin with what was typed; null when it can be the beginning of none.</summary>
    public (Guid First, Guid Last)? TaskIds
    {
        get
        {
            var digits = All is [var one] ? one.Replace("-", "", StringComparison.Ordinal) : "";
            return digits.Length is >= FewestDigits and <= 32 && digits.All(char.IsAsciiHexDigit)
                ? (Guid.ParseExact(digits.PadRight(32, '0'), "N"), Guid.ParseExact(digits.PadRight(32, 'f'), "N"))
                : null;
        }
    }

    public static JumpWords Of(string text) => new(
        [.. text.Replace('\0', ' ').ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Distinct().Take(MostWords)]);

    /// <summary>Whether every word occurs in it.</summary>
    public bool AreIn(string text) => All.All(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>For LIKE: each word of the subject as it is written, between these two.</summary>
    internal string[] Patterns(string before, string after) =>
        [.. Subject.Select(word => $"{before}{SqlPattern.Equal(word)}{after}")];
}
