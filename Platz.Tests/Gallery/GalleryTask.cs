using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Gallery;

/// <summary>A task as it stands in the history after so many seconds of running.</summary>
internal sealed record GalleryTask(
    GalleryWorld World, Deployment Deployment, Operation Operation, DeploymentTaskStatus Status, Actor Actor,
    DateTimeOffset Created, int Seconds)
{
    public string? Reason { get; init; }

    public Guid? RetryOf { get; init; }

    public Guid? RollbackOf { get; init; }

    public bool CancelRequested { get; init; }

    public DateTimeOffset ExecuteAt { get; init; }

    public DeploymentTask ToTask()
    {
        var cluster = World.Clusters.Single(c => c.Id == Deployment.ClusterId);
        var hasStarted = Status is Started or Done or Failed;
        var started = Created.AddSeconds(2);
        var upgrade = Operation as Upgrade;
        return new DeploymentTask
        {
            Id = Guid.CreateVersion7(Created),
            DeploymentId = Deployment.Id,
            EnvId = cluster.EnvId!.Value,
            ClusterId = cluster.Id,
            RunClusterId = cluster.Id,
            Operation = Operation,
            OpKind = Operation.Kind,
            Status = Status,
            Reason = Reason,
            Effect = Status switch { Canceled => TaskEffect.None, Done => TaskEffect.Complete, _ => null },
            Phase = Status is Started ? Phase.HelmUpgrade : null,
            Attempt = hasStarted ? 1 : 0,
            Fence = hasStarted ? 1 : 0,
            LeaseOwner = hasStarted ? "runner-1" : null,
            CreatedAt = Created,
            ExecuteAt = ExecuteAt,
            StartedAt = hasStarted ? started : null,
            FirstAttemptedAt = hasStarted ? started : null,
            FinishedAt = Status.IsTerminal ? started.AddSeconds(Seconds) : null,
            ActingUserId = Actor.UserId,
            ActingBotId = Actor.BotId,
            ActingDeploymentId = Actor.DeploymentId,
            ActorName = Actor.Name,
            CanceledByUserId = CancelRequested || Status is Canceled ? World.Dana.Id : null,
            CanceledByName = CancelRequested || Status is Canceled ? World.Dana.DisplayName : null,
            CancelRequestedAt = CancelRequested || Status is Canceled ? Created.AddSeconds(8) : null,
            CancelReason = CancelRequested || Status is Canceled ? "wrong version" : null,
            KindName = Deployment.KindId == World.Web.Id ? World.Web.Name : World.Worker.Name,
            DeploymentName = Deployment.Name,
            ClusterName = cluster.Name,
            Namespace = Deployment.Namespace,
            ChartVersion = Tag((Operation as IInstallsChart)?.HelmChartId),
            PrevChartVersion = Tag(upgrade?.PrevHelmChartId),
            RetryOfTaskId = RetryOf,
            RollbackOfTaskId = RollbackOf,
        };
    }

    private string? Tag(Guid? chart) =>
        World.WebCharts.Concat<Chart>(World.WorkerCharts).FirstOrDefault(c => c.Id == chart)?.ImageTag;
}
