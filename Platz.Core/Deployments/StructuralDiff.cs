using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Core.Deployments;

/// <summary>
/// Takes a change apart to where values really differ. <see cref="ConfigDiff"/> has an array, and whatever is new or gone,
/// as a whole; here arrays are compared item by item, and objects key by key.
/// </summary>
public static class StructuralDiff
{
    /// <summary>Longer arrays are compared place by place: what was put in at the front then changes all behind it.</summary>
    private const int MostCells = 40_000;

    public static IReadOnlyList<ValueChange> Of(ConfigChange change) =>
        [.. Between([.. ConfigDiff.Keys(change.Path).Select(key => new PathStep(key))], change.Old, change.New)];

    private static IEnumerable<ValueChange> Between(PathStep[] path, JsonNode? old, JsonNode? now) => (old, now) switch
    {
        (JsonObject before, JsonObject after) when !IsOne(before) && !IsOne(after) => Objects(path, before, after),
        (JsonObject before, null) when !IsOne(before) => Objects(path, before, []),
        (null, JsonObject after) when !IsOne(after) => Objects(path, [], after),
        (JsonArray before, JsonArray after) => Arrays(path, before, after),
        (JsonArray before, null) when !IsPlain(before) => Arrays(path, before, []),
        (null, JsonArray after) when !IsPlain(after) => Arrays(path, [], after),
        _ => [new ValueChange(path, ConfigDiff.Kind(old, now), old, now)],
    };

    private static IEnumerable<ValueChange> Objects(PathStep[] path, JsonObject before, JsonObject after) =>
        before.Select(p => p.Key).Union(after.Select(p => p.Key)).Order(StringComparer.Ordinal)
            .Where(key => before.ContainsKey(key) != after.ContainsKey(key)
                || !JsonNode.DeepEquals(before[key], after[key]))
            .SelectMany(key => Between([.. path, new PathStep(key)], before[key], after[key]));

    private static IEnumerable<ValueChange> Arrays(PathStep[] path, JsonArray before, JsonArray after)
    {
        var (old, now) = (0, 0);
        foreach (var (sameOld, sameNow) in Same(before, after).Append((before.Count, after.Count)))
        {
            for (; old < sameOld && now < sameNow; old++, now++)
            {
                foreach (var change in Between([.. path, new PathStep(now)], before[old], after[now]))
                {
                    yield return change;
                }
            }

            for (; old < sameOld; old++)
            {
                yield return new ValueChange([.. path, new PathStep(old)], ConfigChangeKind.Removed, before[old], null);
            }

            for (; now < sameNow; now++)
            {
                yield return new ValueChange([.. path, new PathStep(now)], ConfigChangeKind.Added, null, after[now]);
            }

            (old, now) = (sameOld + 1, sameNow + 1);
        }
    }

    /// <summary>The places of the longest run of items that both have in the same order.</summary>
    private static List<(int Old, int New)> Same(JsonArray before, JsonArray after)
    {
        var (old, now) = (Texts(before), Texts(after));
        if ((long)old.Length * now.Length > MostCells)
        {
            return [.. Enumerable.Range(0, Math.Min(old.Length, now.Length)).Where(i => old[i] == now[i]).Select(i => (i, i))];
        }

        var lengths = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                lengths[i, j] = old[i] == now[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        return Walk(old, now, lengths);
    }

    private static List<(int, int)> Walk(string[] old, string[] now, int[,] lengths)
    {
        var (same, i, j) = (new List<(int, int)>(), 0, 0);
        while (i < old.Length && j < now.Length)
        {
            if (old[i] == now[j])
            {
                same.Add((i++, j++));
            }
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return same;
    }

    private static string[] Texts(JsonArray items) => [.. items.Select(item => item?.ToJsonString() ?? "null")];

    /// <summary>Not to be looked into.</summary>
    private static bool IsOne(JsonObject item) => item.Count == 0 || SealedJson.IsMask(item) || SealedJson.IsSealed(item);

    private static bool IsPlain(JsonArray items) => items.All(item => item is JsonValue or null);
}

/// <summary>One value that differs.</summary>
/// <param name="Path">The place of an item is the one it has now; of one that is gone, the one it had.</param>
public sealed record ValueChange(
    IReadOnlyList<PathStep> Path, ConfigChangeKind Kind, JsonNode? Old, JsonNode? New);

/// <summary>A key of an object, or the place of an item in an array, from 0.</summary>
public readonly record struct PathStep(string? Key, int Index)
{
    public PathStep(string key)
        : this(key, -1)
    {
    }

    public PathStep(int index)
        : this(null, index)
    {
    }
}
