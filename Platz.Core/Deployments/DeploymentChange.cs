using System.Text.Json.Nodes;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>Decides which operation, if any, follows from saving a deployment (contract 2.4).</summary>
public static class DeploymentChange
{
    /// <summary>Several changes in one save make one task: disable, enable, move or rename, upgrade, in this order.</summary>
    public static Operation? Between(DeploymentState? before, DeploymentState after) => (before, after) switch
    {
        (null or { Enabled: false }, { Enabled: true }) =>
            new Install(after.HelmChartId, Copy(after.Config), Copy(after.ValuesOverride)),
        (null or { Enabled: false }, { Enabled: false }) => null,
        (_, { Enabled: false }) => new Uninstall(),
        ({ } old, _) when old.Location != after.Location => new Recreate(
            old.Location.ClusterId, old.Location.Namespace, after.Location.ClusterId, after.Location.Namespace,
            after.HelmChartId, Copy(after.Config), Copy(after.ValuesOverride), old.HelmChartId,
            ConfigDiff.Between(old.Config, after.Config), ConfigDiff.Between(old.ValuesOverride, after.ValuesOverride)),
        ({ } old, _) => new Upgrade( // unchanged too: that is how one tries again
            after.HelmChartId, old.HelmChartId, Copy(after.Config), ConfigDiff.Between(old.Config, after.Config),
            Copy(after.ValuesOverride), ConfigDiff.Between(old.ValuesOverride, after.ValuesOverride)),
    };

    private static JsonObject Copy(JsonObject json) => json.DeepClone().AsObject();
}

/// <summary>What of a deployment decides about its tasks.</summary>
/// <param name="Location">Where its release is (before), or shall be (after).</param>
public sealed record DeploymentState(
    bool Enabled, Location Location, Guid HelmChartId, JsonObject Config, JsonObject ValuesOverride)
{
    public static DeploymentState Of(Deployment deployment, Location location) => new(
        deployment.Enabled, location, deployment.HelmChartId,
        deployment.Config.DeepClone().AsObject(), deployment.ValuesOverride.DeepClone().AsObject());
}
