using System.Text.Json.Nodes;
using Platz.Core.Deployments;

namespace Platz.Web.Deployments;

/// <summary>What people would see as different between two states of a deployment.</summary>
public sealed record DeploymentDifference(
    bool Place, bool Chart, bool Description, bool Enabled, JsonObject ConfigDelta, JsonObject OverrideDelta)
{
    public bool IsNothing =>
        !Place && !Chart && !Description && !Enabled && ConfigDelta.Count == 0 && OverrideDelta.Count == 0;

    public static DeploymentDifference Between(Deployment before, Deployment after) => new(
        (before.Name, before.ClusterId) != (after.Name, after.ClusterId),
        before.HelmChartId != after.HelmChartId,
        (before.DescriptionMd ?? "") != (after.DescriptionMd ?? ""),
        before.Enabled != after.Enabled,
        ConfigDiff.Between(before.Config, after.Config),
        ConfigDiff.Between(before.ValuesOverride, after.ValuesOverride));
}
