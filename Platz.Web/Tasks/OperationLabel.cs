using Platz.Core.Charts;
using Platz.Core.Tasks;

namespace Platz.Web.Tasks;

/// <summary>How an operation is called on the pages.</summary>
/// <param name="Detail">The finer word beside the name; null where the name says all.</param>
public sealed record OperationLabel(string Name, string? Detail)
{
    public static OperationLabel Of(DeploymentTask task) => new(task.OpKind, task switch
    {
        { RetryOfTaskId: not null } => "retry",
        { RollbackOfTaskId: not null } => "rollback",
        { Operation: Upgrade upgrade } => UpgradeDetail(task, upgrade),
        { Operation: Recreate recreate } when recreate.OldClusterId != recreate.NewClusterId => "move",
        { Operation: Recreate } => "rename",
        { Operation: UnreadableOperation } => "cannot be shown by this version",
        _ => null,
    });

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
