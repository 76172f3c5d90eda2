namespace Platz.Core.Charts;

/// <summary>
/// The kind that a repository gives its deployments: <c>team/two-words-charts</c> becomes <c>TwoWords</c>.
/// </summary>
public static class KindName
{
    private static readonly string[] s_suffixes = ["-charts", "-chart"];

    /// <summary>Letters and digits only, since the namespace of every deployment begins with the kind.</summary>
    public static string FromRepository(string repository)
    {
        var name = repository[(repository.LastIndexOf('/') + 1)..];
        var suffix = s_suffixes.FirstOrDefault(s => name.EndsWith(s, StringComparison.Ordinal)) ?? "";
        var words = name[..^suffix.Length].Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
