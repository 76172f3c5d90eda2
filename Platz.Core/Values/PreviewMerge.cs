namespace Platz.Core.Values;

/// <summary>The three ways in which layers come together; the last two are Helm's own.</summary>
internal static class PreviewMerge
{
    /// <summary>Platform and form are one file to Helm: each key of the form takes the platform's as a whole.</summary>
    public static IReadOnlyList<PreviewNode> Replace(
        IReadOnlyList<PreviewNode> lower, IReadOnlyList<PreviewNode> upper) =>
        Merge(lower, upper, (below, above) => above.Over(below));

    /// <summary>One values file after the other: null is a value here, which the next file may replace.</summary>
    public static IReadOnlyList<PreviewNode> Overlay(
        IReadOnlyList<PreviewNode> lower, IReadOnlyList<PreviewNode> upper) =>
        Merge(lower, upper, (below, above) => (below.Children, above.Children) switch
        {
            ({ } under, { } over) => below with { Children = Overlay(under, over) },
            _ => above.Over(below),
        });

    /// <summary>All files over the chart's own: here null takes away. Nulls of the chart itself stay.</summary>
    public static IReadOnlyList<PreviewNode> Coalesce(
        IReadOnlyList<PreviewNode> defaults, IReadOnlyList<PreviewNode> values) =>
        Merge(defaults, values, (below, above) => (below.Children, above.Children) switch
        {
            _ when above.IsNull => above.Over(below) with { IsRemoved = true },
            ({ } under, { } over) => below with { Children = Coalesce(under, over), Replaced = above.Replaced },
            _ => above.Over(below),
        });

    private static IReadOnlyList<PreviewNode> Merge(
        IReadOnlyList<PreviewNode> lower, IReadOnlyList<PreviewNode> upper,
        Func<PreviewNode, PreviewNode, PreviewNode> both)
    {
        var above = upper.ToDictionary(node => node.Key);
        var below = lower.Select(node => node.Key).ToHashSet();
        return
        [
            .. lower.Select(node => above.TryGetValue(node.Key, out var over) ? both(node, over) : node),
            .. upper.Where(node => !below.Contains(node.Key)),
        ];
    }
}
