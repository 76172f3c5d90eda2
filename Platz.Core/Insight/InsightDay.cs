using System.Collections.Immutable;
using Platz.Core.Tasks;

namespace Platz.Core.Insight;

/// <summary>
/// What ended on one day (UTC) in one env or of one deployment, summed up so that ninety of them are read in a
/// moment. Written by <see cref="InsightRollup"/> alone; a day that is over never changes again, whatever becomes of
/// the tasks. Counts are kept by the quarter of an hour, so that they add up to the days of every time zone; times by
/// the hour, which in zones off by half an hour puts that half hour's times into the day before.
/// </summary>
public sealed class InsightDay
{
    /// <summary>The deployment, or the env for what sums up all of it.</summary>
    public required Guid ScopeId { get; init; }

    public required Guid EnvId { get; init; }

    public Guid? DeploymentId { get; init; }

    public required DateOnly Day { get; init; }

    public required int Tasks { get; init; }

    public required int Failed { get; init; }

    /// <summary>Of the scope, when its last task of the day had ended.</summary>
    public required int OpenOutages { get; init; }

    /// <summary>Quarter of the day, outcome, tasks, changes among them; and so on.</summary>
    public required int[] Counts { get; init; }

    /// <summary>Hour, operation, bucket of <see cref="TimeHistogram"/>, tasks; and so on.</summary>
    public required int[] Runs { get; init; }

    /// <summary>Hour, bucket, tasks; and so on.</summary>
    public required int[] Waits { get; init; }

    /// <summary>Hour of the restoration, bucket, outages; and so on.</summary>
    public required int[] Restores { get; init; }

    /// <summary>What the numbers of <see cref="Runs"/> mean. They are stored: only append.</summary>
    internal static ImmutableArray<string> Operations { get; } =
    [
        nameof(Install), nameof(Upgrade), nameof(Reinstall), nameof(Recreate), nameof(Uninstall), nameof(InvokeAction),
        nameof(RestartK8sResource), "Other",
    ];

    /// <summary>What the numbers of <see cref="Counts"/> mean. They are stored: only append.</summary>
    internal static ImmutableArray<DeploymentTaskStatus> Outcomes { get; } =
        [DeploymentTaskStatus.Done, DeploymentTaskStatus.Failed, DeploymentTaskStatus.Canceled];
}
