using Platz.Core.Charts;
using Platz.Core.Tasks;

namespace Platz.Web.Tasks;

/// <summary>How an operation is called on the pages.</summary>
/// <param name="Detail">The finer word beside the name; null where the name says all.</param>
/// <param name="Origin">Whether it repeats or brings back another task.</param>
public sealed record OperationLabel(string Name, string? Detail, TaskOrigin? Origin = null)
{
    /// <summary>The finer word where it does not only say the name again.</summary>
    public string? Finer => string.Equals(Detail, Name, StringComparison.OrdinalIgnoreCase) ? null : Detail;

    public static OperationLabel Of(DeploymentTask task) => new(task.OpKind, DetailOf(task), TaskOrigin.Of(task));

    /// <summary>All of it in one line, for titles and for what is said aloud.</summary>
    public override string ToString() => string.Join(", ", new[] { Name, Detail, Origin?.Word }.OfType<string>());

    private static string? DetailOf(DeploymentTask task) => task.Operation switch
    {
        Upgrade upgrade => UpgradeDetail(task, upgrade),
        Recreate recreate when recreate.OldClusterId != recreate.NewClusterId => "move",
        Recreate => "rename",
        UnreadableOperation => "cannot be shown by this version",
        _ => null,
    };

    /// <summary>An unknown version makes no downgrade: it is just an upgrade, without a finer word.</summary>
    private static string? UpgradeDetail(DeploymentTask task, Upgrade upgrade) =>
        (upgrade.PrevHelmChartId == upgrade.HelmChartId, task.PrevChartVersion, task.ChartVersion) switch
        {
            (true, _, _) when upgrade is { ConfigDelta: not { Count: > 0 }, ValuesOverrideDelta: not { Count: > 0 } } =>
                "redeploy",
            (true, _, _) => "reconfigure",
            (false, { } old, { } now) => VersionOrder.Instance.Compare(old, now) switch
            {
                < 0 => "upgrade",
                > 0 => "downgrade",
                _ => "same version, pushed again",
            },
            _ => null,
        };
}

/// <summary>The earlier task that a task repeats or brings back.</summary>
public sealed record TaskOrigin(string Word, Guid TaskId)
{
    public static TaskOrigin? Of(DeploymentTask task) => task switch
    {
        { RetryOfTaskId: { } retried } => new("retry", retried),
        { RollbackOfTaskId: { } target } => new("rollback", target),
        _ => null,
    };
}
