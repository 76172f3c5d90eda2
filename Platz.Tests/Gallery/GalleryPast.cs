using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Gallery;

/// <summary>What happened in the <see cref="GalleryWorld"/> in three months, and what waits and runs in it now.</summary>
internal sealed class GalleryPast(PlatzDb db, GalleryWorld world, DateTimeOffset now)
{
    public const string PullFailure =
        "Error: UPGRADE FAILED: context deadline exceeded\n\nNot ready: Deployment/webservice-checkout 1/2\n"
        + "Pod webservice-checkout-6f7d9c-9dd7w: ImagePullBackOff: Back-off pulling image \"registry.example.org/checkout:2.8.1\"";

    private readonly Random _random = new(20261128);
    private readonly List<DeploymentTask> _tasks = [];

    public DeploymentTask Failed { get; private set; } = null!;

    public DeploymentTask Running { get; private set; } = null!;

    public DeploymentTask Upgraded { get; private set; } = null!;

    /// <summary>A revision from before, with another config.</summary>
    public DeploymentTask Before { get; private set; } = null!;

    private Actor Dana => new Actor.User(world.Dana.Id, world.Dana.DisplayName);

    private Actor Ravi => new Actor.User(world.Ravi.Id, world.Ravi.DisplayName);

    private Actor Ci => new Actor.Bot(world.Ci.Id, world.Ci.DisplayName);

    public async Task TellAsync(CancellationToken cancel)
    {
        AddOldDays();
        AddPayments();
        AddCheckout();
        AddWhatIsGoingOn();

        // The guard takes new tasks as Pending alone: what is long over is put past it.
        await db.Database.OpenConnectionAsync(cancel);
        await db.Database.ExecuteSqlRawAsync("SET session_replication_role = replica", cancel);
        db.AddRange(_tasks);
        foreach (var task in _tasks)
        {
            AddPhases(task);
        }

        await db.SaveChangesAsync(cancel);
        foreach (var deployment in world.Deployments)
        {
            var revision = _tasks.Where(t => t.DeploymentId == deployment.Id && t.Status is Done && t.Operation is IInstallsChart)
                .MaxBy(t => t.CreatedAt)?.Id;
            await db.Deployments.Where(d => d.Id == deployment.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.RevisionId, revision), cancel);
        }

        await db.Database.ExecuteSqlRawAsync("SET session_replication_role = origin; ANALYZE", cancel);
        await db.Database.CloseConnectionAsync();
    }

    private void AddOldDays()
    {
        foreach (var deployment in world.Deployments)
        {
            Add(deployment, new Install(deployment.HelmChartId, Copy(deployment.Config)), Done, Dana, TimeSpan.FromDays(90), 38);
            for (var day = 89; day > 1; day--)
            {
                var changes = _random.Next(0, deployment == world.Payments ? 5 : 3);
                for (var i = 0; i < changes; i++)
                {
                    AddSomeDay(deployment, day);
                }
            }
        }
    }

    private void AddSomeDay(Deployment deployment, int day)
    {
        var actor = _random.Next(4) switch { 0 => Dana, 1 => Ravi, _ => Ci };
        var status = _random.Next(100) switch { < 88 => Done, < 97 => Failed_, _ => Canceled };
        var ago = TimeSpan.FromDays(day) - TimeSpan.FromMinutes(_random.Next(60 * 24));
        Add(deployment, Upgrade(deployment), status, actor, ago, _random.Next(8, 140));
    }

    private const DeploymentTaskStatus Failed_ = DeploymentTaskStatus.Failed;

    private void AddPayments()
    {
        var payments = world.Payments;
        Before = Add(payments, Earlier(payments), Done, Ravi, Hours(40), 33);
        Add(payments, new InvokeAction(payments.HelmChartId, "reindex", new JsonObject { ["scope"] = "all" }), Done, Dana, Hours(20), 2);
        Add(payments, new RestartK8sResource(Guid.NewGuid(), "webservice-payments-api", "Deployment"), Done, Ravi, Hours(19), 6);
        Add(payments, new Recreate(world.Clusters[1].Id, "webservice-payments", payments.ClusterId, payments.Namespace,
            payments.HelmChartId, Copy(payments.Config), [], payments.HelmChartId,
            new JsonObject { ["replicas"] = new JsonArray(2, 3) }), Done, Dana, Hours(18), 95);
        Add(payments, new Reinstall("secret databases/orders changed",
            [new ReinstallCause("secret databases/orders changed", "Dana Fischer", now - Hours(9))],
            payments.HelmChartId, Copy(payments.Config), []), Done, Dana, Hours(9), 21);
        Add(payments, Upgrade(payments), Canceled, Ravi, Hours(7), 0);
        var failed = Add(payments, Upgrade(payments, 1, 2), Failed_, Ci, Hours(4), 184,
            "Error: UPGRADE FAILED: cannot patch \"webservice-payments-api\" with kind Service: Service \"webservice-payments-api\" "
            + "is invalid: spec.clusterIP: Invalid value: \"10.0.0.7\": field is immutable");
        Upgraded = Add(payments, Upgrade(payments, 1, 2), Done, Dana, Hours(3), 47, retryOf: failed.Id);
        Failed = failed;
    }

    private void AddCheckout()
    {
        var old = Add(world.Failing, Upgrade(world.Failing, 2, 2), Done, Ci, Hours(30), 41);
        Add(world.Failing, Upgrade(world.Failing, 2, 3), Failed_, Ci, Hours(2), 600, PullFailure);
        Add(world.Failing, Upgrade(world.Failing, 3, 2), Done, Ravi, Hours(26), 33, rollbackOf: old.Id);
    }

    private void AddWhatIsGoingOn()
    {
        var byName = world.Deployments.Where(d => d.ClusterId != world.Clusters[2].Id).ToDictionary(d => d.Name);
        Running = Add(byName["storefront"], Upgrade(byName["storefront"], 2, 3), Started, Ci, TimeSpan.FromSeconds(70), 0);
        Add(byName["storefront"], Upgrade(byName["storefront"], 3, 3), Pending, Dana, TimeSpan.FromSeconds(30), 0, state: QueueState.Blocked);
        Add(byName["invoices"], new Install(byName["invoices"].HelmChartId, Copy(byName["invoices"].Config)), Started, Ravi,
            TimeSpan.FromSeconds(25), 0, cancel: true);
        Add(byName["search"], new Uninstall(), Pending, Dana, TimeSpan.FromSeconds(12), 0);
        Add(world.Failing, Upgrade(world.Failing, 2, 3), Pending, Dana, TimeSpan.FromMinutes(5), 0, state: QueueState.Scheduled);
    }

    private Upgrade Upgrade(Deployment deployment, int from = 1, int to = 1)
    {
        var (before, after) = (Copy(deployment.Config), Copy(deployment.Config));
        if (deployment.KindId != world.Web.Id)
        {
            after["concurrency"] = _random.Next(2, 40);
            return new Upgrade(deployment.HelmChartId, deployment.HelmChartId, after, ConfigDiff.Between(before, after), []);
        }

        before["replicas"] = _random.Next(1, 5);
        if (from != to)
        {
            before["debug"] = true;
            before["tags"] = new JsonArray("team-checkout");
        }

        return new Upgrade(
            world.WebCharts[to].Id, world.WebCharts[from].Id, after, ConfigDiff.Between(before, after), [], []);
    }

    private Upgrade Earlier(Deployment deployment)
    {
        var (before, after) = (Copy(deployment.Config), Copy(deployment.Config));
        after["replicas"] = 1;
        after["debug"] = true;
        after["tags"] = new JsonArray("team-checkout");
        return new Upgrade(
            world.WebCharts[0].Id, world.WebCharts[0].Id, after, ConfigDiff.Between(before, after), [], []);
    }

    private DeploymentTask Add(
        Deployment deployment, Operation operation, DeploymentTaskStatus status, Actor actor, TimeSpan ago, int seconds,
        string? reason = null, Guid? retryOf = null, Guid? rollbackOf = null, bool cancel = false,
        QueueState state = QueueState.Ready)
    {
        var created = now - ago;
        var task = new GalleryTask(world, deployment, operation, status, actor, created, seconds)
        {
            Reason = reason ?? (status is Failed_ ? "Error: UPGRADE FAILED: context deadline exceeded" : (operation as Reinstall)?.Reason),
            RetryOf = retryOf,
            RollbackOf = rollbackOf,
            CancelRequested = cancel,
            ExecuteAt = state is QueueState.Scheduled ? now.AddHours(8) : created,
        }.ToTask();
        _tasks.Add(task);
        if (!status.IsTerminal)
        {
            db.Add(new QueuedTask
            {
                TaskId = task.Id,
                DeploymentId = deployment.Id,
                RunClusterId = task.RunClusterId,
                OpKind = task.OpKind,
                CreatedAt = task.CreatedAt,
                ExecuteAt = task.ExecuteAt,
                State = status is Started ? QueueState.Started : state,
                ReadyAt = status is Started || state is QueueState.Ready ? created : null,
                Fence = task.Fence,
                LeaseOwner = task.LeaseOwner,
                LeaseUntil = status is Started ? now.AddHours(1) : null,
            });
        }

        return task;
    }

    private void AddPhases(DeploymentTask task)
    {
        if (task.StartedAt is not { } at)
        {
            return;
        }

        var phases = OperationPhases.Of(task.OpKind);
        var end = task.FinishedAt ?? now;
        for (var i = 0; i < phases.Count; i++)
        {
            var isLast = i == phases.Count - 1;
            var until = isLast ? end : at + TimeSpan.FromTicks((end - at).Ticks / 12);
            db.Add(new DeploymentTaskPhase
            {
                TaskId = task.Id,
                Seq = i,
                Phase = phases[i],
                Attempt = 1,
                StartedAt = at,
                FinishedAt = isLast && task.Status is Started ? null : until,
                Outcome = !isLast ? PhaseOutcome.Done : task.Status switch
                {
                    Started => null,
                    Failed_ => PhaseOutcome.Failed,
                    _ => PhaseOutcome.Done,
                },
            });
            at = until;
        }
    }

    private static TimeSpan Hours(int hours) => TimeSpan.FromHours(hours);

    private static JsonObject Copy(JsonObject json) => json.DeepClone().AsObject();
}
