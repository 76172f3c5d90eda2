namespace Platz.Core.Insight;

/// <summary>How far the counting has come; one row.</summary>
public sealed class InsightProgress
{
    public int Id { get; init; } = 1;

    /// <summary>The days before this one are over and counted for good.</summary>
    public required DateOnly OpenFrom { get; init; }

    /// <summary>Everything that had ended by then is counted, of the days that are.</summary>
    public DateTimeOffset? CountedAt { get; init; }
}

/// <summary>A deployment whose last change had failed when <see cref="InsightProgress.OpenFrom"/> began.</summary>
public sealed class InsightOutage
{
    public required Guid DeploymentId { get; init; }

    public required Guid EnvId { get; init; }

    public required DateTimeOffset FailedAt { get; init; }
}

/// <summary>
/// A task that was created more than a day before <see cref="InsightProgress.OpenFrom"/> and ended after that, or has
/// not: scheduled far ahead, mostly. There is no index of when tasks ended (it would make every end write all indexes,
/// queue.md 0), so that whoever looks for them by when they were created has to be told of these.
/// </summary>
public sealed class InsightLateTask
{
    public required Guid TaskId { get; init; }

    public required Guid DeploymentId { get; init; }
}
