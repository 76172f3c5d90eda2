using Platz.Core.Charts.Extensions;
using Platz.Core.Identity;

namespace Platz.Core.Deployments;

/// <summary>When an action may be invoked: asked by the menu, at the request, and again when its task runs.</summary>
public static class ActionRules
{
    extension(ChartAction action)
    {
        public Permission Permission => action.AllowedRole is ActionRole.Owner
            ? Permission.InvokeOwnerAction
            : Permission.InvokeMaintainerAction;

        /// <summary>Why the deployment's state does not allow it; null when it does.</summary>
        public string? Obstacle(Deployment deployment) =>
            (action.AllowedOnStatuses.Count, deployment.ReportedStatusName) switch
            {
                (0, _) => null,
                (_, null) => $"{action.Title} needs the deployment to report its status, which it has not done yet.",
                (_, { } status) when action.AllowedOnStatuses.Contains(status) => null,
                (_, { } status) => $"{action.Title} is not possible while the deployment reports {status}; it needs "
                    + $"{string.Join(" or ", action.AllowedOnStatuses)}.",
            };
    }
}
