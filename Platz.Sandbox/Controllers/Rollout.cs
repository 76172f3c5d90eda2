using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>How many replicas each set of a deployment should have next. Pure.</summary>
internal sealed record Rollout(long Desired, long MaxSurge, long MaxUnavailable, bool Recreate)
{
    public static Rollout Of(JsonObject spec)
    {
        var desired = spec.Number("replicas") ?? 1;
        var rolling = spec.Object("strategy", "rollingUpdate");
        var surge = Share(rolling?["maxSurge"], desired, Math.Ceiling);
        var unavailable = Share(rolling?["maxUnavailable"], desired, Math.Floor);
        return new Rollout(desired, surge, surge == 0 && unavailable == 0 ? 1 : unavailable,
            spec.Text("strategy", "type") == "Recreate");
    }

    public long MaxTotal => Desired + (Recreate ? 0 : MaxSurge);

    /// <summary>The next size of the new set.</summary>
    public long GrowTo(SetSize current, IReadOnlyList<SetSize> old)
    {
        if (current.Wanted >= Desired)
        {
            return Desired;
        }

        if (Recreate)
        {
            return old.All(set => set is { Wanted: 0, Present: 0 }) ? Desired : current.Wanted;
        }

        var room = MaxTotal - current.Wanted - old.Sum(set => set.Wanted);
        return Math.Min(Desired, current.Wanted + Math.Max(0, room));
    }

    /// <summary>The next sizes of the old sets: first what is not available anyway, then what may be spared.</summary>
    public IReadOnlyList<long> ShrinkTo(SetSize current, IReadOnlyList<SetSize> old)
    {
        if (Recreate)
        {
            return [.. old.Select(_ => 0L)];
        }

        var least = Desired - MaxUnavailable;
        var spare = current.Wanted + old.Sum(set => set.Wanted) - least - (current.Wanted - current.Available);
        var sizes = old.Select(set => set.Wanted).ToArray();
        for (var index = 0; index < sizes.Length && spare > 0; index++)
        {
            var unhealthy = Math.Min(spare, Math.Max(0, old[index].Wanted - old[index].Available));
            sizes[index] -= unhealthy;
            spare -= unhealthy;
        }

        var available = current.Available + old.Zip(sizes, (set, size) => Math.Min(set.Available, size)).Sum() - least;
        for (var index = 0; index < sizes.Length && available > 0; index++)
        {
            var healthy = Math.Min(available, sizes[index]);
            sizes[index] -= healthy;
            available -= healthy;
        }

        return sizes;
    }

    private static long Share(JsonNode? value, long of, Func<double, double> round)
    {
        if (value.Text() is not { } text)
        {
            return value.Number() ?? (long)round(of * 0.25);
        }

        return double.TryParse(text.TrimEnd('%'), CultureInfo.InvariantCulture, out var percent)
            ? (long)round(of * percent / 100)
            : 0;
    }
}

/// <summary>Replicas a set shall have, has, and has available.</summary>
internal sealed record SetSize(long Wanted, long Present, long Available)
{
    public static SetSize Of(StoredObject set) => new(set.Json.Number("spec", "replicas") ?? 0,
        set.Json.Number("status", "replicas") ?? 0, set.Json.Number("status", "availableReplicas") ?? 0);
}
