using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>Which tasks one can go back to, when, and what that is: an Upgrade with what they installed (contract 2.4).</summary>
internal static class RollbackRules
{
    public static RepeatPlan Plan(RepeatSource source)
    {
        var inputs = source.Task.Operation.Installs ?? source.Now;
        return new RepeatPlan(Repeating.UpgradeTo(inputs, source), Location.Of(source.Deployment), inputs)
        {
            Needs = Permission.EditDeployment,
            Obstacle = source.Task.IsRevision
                ? Repeating.Gone(source.Deployment) ?? Obstacle(source)
                : "Nothing was installed by this task that one could go back to.",
        };
    }

    private static string? Obstacle(RepeatSource source) => source.Deployment.Enabled
        ? Repeating.Elsewhere(source)
        : "The deployment is disabled: enable it first.";
}
