using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Tests.Web.Tasks;

/// <summary>Tasks as the pages read them, for tests that need no database.</summary>
internal static class SomeTask
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static DeploymentTask With(
        Operation? operation = null,
        DeploymentTaskStatus status = DeploymentTaskStatus.Pending,
        Actor? actor = null,
        string? reason = null,
        string? chart = "1.1.0",
        string? previousChart = null,
        bool cancelRequested = false,
        int attempt = 1,
        Guid? retryOf = null,
        Guid? id = null,
        string? phase = null)
    {
        operation ??= new Uninstall();
        actor ??= new Actor.User(Guid.NewGuid(), "Alice");
        var cluster = Guid.NewGuid();
        var isStarted = status is not DeploymentTaskStatus.Pending;
        return new DeploymentTask
        {
            Id = id ?? Guid.NewGuid(),
            DeploymentId = Guid.NewGuid(),
            EnvId = Guid.NewGuid(),
            ClusterId = cluster,
            RunClusterId = cluster,
            Operation = operation,
            OpKind = operation.Kind,
            Status = status,
            Reason = reason,
            Phase = phase,
            Attempt = attempt,
            Fence = attempt,
            CreatedAt = Now.AddMinutes(-3),
            ExecuteAt = Now.AddMinutes(-3),
            StartedAt = isStarted ? Now.AddMinutes(-3).AddSeconds(2) : null,
            FinishedAt = status.IsTerminal ? Now.AddMinutes(-2) : null,
            ActingUserId = actor.UserId,
            ActingBotId = actor.BotId,
            ActingDeploymentId = actor.DeploymentId,
            ActorName = actor.Name,
            CanceledByName = cancelRequested || status is DeploymentTaskStatus.Canceled ? "Bob" : null,
            CancelReason = cancelRequested || status is DeploymentTaskStatus.Canceled ? "wrong button" : null,
            CancelRequestedAt = cancelRequested ? Now.AddMinutes(-2) : null,
            Effect = status is DeploymentTaskStatus.Canceled ? TaskEffect.None : null,
            KindName = "Web",
            DeploymentName = "shop",
            ClusterName = "new-cluster",
            Namespace = "web-shop",
            ChartVersion = chart,
            PrevChartVersion = previousChart,
            RetryOfTaskId = retryOf,
        };
    }
}
