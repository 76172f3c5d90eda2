using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>What a retry or a rollback comes to.</summary>
/// <param name="Place">Where it runs.</param>
/// <param name="Inputs">What it writes back to the deployment; null for operations that install nothing.</param>
internal sealed record RepeatPlan(Operation Operation, Location Place, IInstallsChart? Inputs)
{
    /// <summary>What the original change needed (contract 2.4).</summary>
    public required Permission Needs { get; init; }

    /// <summary>A move needs its Maintainer there too.</summary>
    public Guid? OtherCluster { get; init; }

    /// <summary>Why the deployment's state does not allow it; null when it does.</summary>
    public string? Obstacle { get; init; }
}

internal static class Repeating
{
    /// <summary>An upgrade to exactly these inputs, from what the deployment says now.</summary>
    public static Upgrade UpgradeTo(IInstallsChart inputs, RepeatSource source) => new(
        inputs.HelmChartId, source.Now.HelmChartId, inputs.ConfigInputs,
        ConfigDiff.Between(source.Now.ConfigInputs, inputs.ConfigInputs), inputs.ValuesOverride,
        ConfigDiff.Between(source.Now.ValuesOverride ?? [], inputs.ValuesOverride ?? []));

    /// <summary>Why nothing at all can be done to the deployment.</summary>
    public static string? Gone(Deployment deployment) => deployment switch
    {
        { DeletedAt: not null } => "The deployment has been deleted.",
        { Status: DeploymentStatus.Deleting } => "The deployment is being deleted.",
        _ => null,
    };

    /// <summary>After a move that failed, the release is not where the deployment says.</summary>
    public static string? Elsewhere(RepeatSource source) =>
        source.Release is { } release && release != Location.Of(source.Deployment)
            ? $"The release is still in the namespace {release.Namespace}, where a move that failed has left it. "
                + "Retry the move, or edit the deployment."
            : null;
}
