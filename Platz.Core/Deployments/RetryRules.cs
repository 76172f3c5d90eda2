using Platz.Core.Identity;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Core.Deployments;

/// <summary>Which tasks can be retried, when, and what a retry is (contract 2.4).</summary>
internal static class RetryRules
{
    private const string Moved = "The deployment has been moved since: this would run at a place where it is no more.";

    public static RepeatPlan Plan(RepeatSource source)
    {
        var (operation, place) = (source.Task.Operation, Location.Of(source.Deployment));
        return new RepeatPlan(Again(source), operation is Uninstall ? PlaceOf(source.Task) : place, operation as IInstallsChart)
        {
            Needs = Needs(source),
            OtherCluster = (operation as Recreate)?.OldClusterId,
            Obstacle = TaskObstacle(source.Task) ?? Repeating.Gone(source.Deployment) ?? Obstacle(source),
        };
    }

    private static Permission Needs(RepeatSource source) => source.Task.Operation switch
    {
        Install or Uninstall => Permission.EnableOrDisable,
        RestartK8sResource => Permission.RestartResource,
        InvokeAction => source.Action?.Permission ?? Permission.InvokeMaintainerAction,
        _ => Permission.EditDeployment,
    };

    /// <summary>The same inputs to the byte; what an upgrade changes is told against what the deployment says now.</summary>
    private static Operation Again(RepeatSource source) => source.Task.Operation switch
    {
        Upgrade upgrade => Repeating.UpgradeTo(upgrade, source),
        Reinstall again => new Reinstall(again.Reason, again.Causes), // of the revision that is current when it starts
        var same => same,
    };

    private static string? TaskObstacle(DeploymentTask task) => task switch
    {
        { Operation: UnreadableOperation } => "This version of Platz cannot read the task, and so cannot repeat it.",
        { Status: Done } => "The task is Done: there is nothing to retry.",
        { Status: not (Failed or Canceled) } => "The task has not ended yet.",
        _ => null,
    };

    private static string? Obstacle(RepeatSource source) => (source.Task.Operation, source.Deployment) switch
    {
        (Uninstall, { Enabled: true }) =>
            "The deployment is enabled: disable it, or delete it, to uninstall it.",
        (Uninstall, _) => source.Release is { } release && release != PlaceOf(source.Task) ? Moved : null,
        (_, { Enabled: false }) => "The deployment is disabled: enable it to install it.",
        (Install, { RevisionId: not null }) => "The deployment is installed already.",
        (Recreate move, _) => MoveObstacle(move, source),
        (InvokeAction call, _) => ActionObstacle(call, source),
        (RestartK8sResource restart, _) => source.ResourceIsThere
            ? null
            : $"{restart.ResourceName} is gone, or another of that name has taken its place.",
        _ when PlaceOf(source.Task) != Location.Of(source.Deployment) => Moved,
        _ => Repeating.Elsewhere(source),
    };

    /// <summary>With nothing installed, a move that broke off half-way is gone on with.</summary>
    private static string? MoveObstacle(Recreate move, RepeatSource source) => source switch
    {
        _ when new Location(move.NewClusterId, move.NewNamespace) != Location.Of(source.Deployment) =>
            "The deployment has been moved since: it is to be somewhere else now.",
        { IsMoving: true } => "A move of the deployment is under way already.",
        { Release: { } release } when release != new Location(move.OldClusterId, move.OldNamespace) =>
            "The deployment has been moved since: its release is not where this would take it from.",
        _ => null,
    };

    private static string? ActionObstacle(InvokeAction call, RepeatSource source) => source switch
    {
        _ when call.HelmChartId != source.Deployment.HelmChartId =>
            "The deployment runs another chart version meanwhile. Look at its actions again.",
        { Action: null } => $"The chart has no action '{call.ActionId}'.",
        { Action: { } action } => action.Obstacle(source.Deployment),
    };

    private static Location PlaceOf(DeploymentTask task) => new(task.ClusterId, task.Namespace);
}
