namespace Platz.Chaos.Judging;

internal enum Promise
{
    /// <summary>What was accepted is done.</summary>
    Kept,

    /// <summary>One effect, one end.</summary>
    Once,

    /// <summary>One at a time per deployment.</summary>
    Alone,

    /// <summary>In the order of (execute_at, created_at, id).</summary>
    InOrder,

    /// <summary>To its end, once the faults are over.</summary>
    Ended,

    /// <summary>No fault of a runner or the database fails a task.</summary>
    Unharmed,

    /// <summary>A cancel does what its caller was told, and the row says how much had happened.</summary>
    Canceled,

    /// <summary>Nothing is left behind on the cluster.</summary>
    TidiedUp,
}

/// <summary>One promise that was not kept.</summary>
internal sealed record Breach(Promise Promise, Guid Task, string What);

/// <summary>What the judge has found.</summary>
/// <param name="Excused">
/// Overlaps of a runner that stood still while its lease ran out, and let go as soon as it was awake.
/// </param>
internal sealed record Verdict(IReadOnlyList<Breach> Breaches, int Excused = 0)
{
    public bool Holds => Breaches.Count == 0;

    public int Count(Promise promise) => Breaches.Count(b => b.Promise == promise);

    /// <summary>For a last line: every promise with its figure.</summary>
    public override string ToString() =>
        $"{Count(Promise.Kept)} lost, {Count(Promise.Once)} done twice, {Count(Promise.Alone)} overlapping, "
        + $"{Count(Promise.InOrder)} out of order, {Count(Promise.Ended)} stuck, {Count(Promise.Unharmed)} failed, "
        + $"{Count(Promise.Canceled)} wrongly canceled";
}
