using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Web.Tasks;

/// <summary>What can be done about a task as it stands; whether somebody may do it is asked when it is done.</summary>
public static class TaskOffers
{
    extension(DeploymentTask task)
    {
        public bool CanBeCanceled => task is { Status: Pending } or { Status: Started, CancelRequested: false };

        public bool CanBeRetried => task is { Status: Failed or Canceled, Operation: not UnreadableOperation };

        /// <summary>Whether it carries a chart and a config that can be put beside another's.</summary>
        public bool CanBeCompared => task.Operation is Install or Upgrade or Reinstall or Recreate;
    }
}
