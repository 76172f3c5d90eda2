using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>Tasks of every operation that have failed, of charts with a form, a secret in it, and an action.</summary>
public abstract class RepeatTest(PostgresServer postgres) : EditorTest(postgres)
{
    protected static readonly string[] Operations =
    [
        nameof(Install), nameof(Upgrade), nameof(Reinstall), nameof(Recreate), nameof(Uninstall),
        nameof(InvokeAction), nameof(RestartK8sResource),
    ];

    private static readonly ValuesUi s_form = new(
        [
            new InputField { Id = "a", Type = InputType.Number, Label = "Amount" },
            new InputField { Id = "password", Type = InputType.Text, Label = "Password", Sensitive = true },
            new InputField
            {
                Id = "secret", Type = InputType.CollectionSelect, Label = "Database",
                Collection = new InputCollection.Secrets(),
            },
        ],
        [], []);

    protected TaskRepeats Repeats => Services.GetRequiredService<TaskRepeats>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        foreach (var chart in await db.Charts.ToListAsync(Cancel))
        {
            ChartSchemaJson.Write(chart, new ChartSchema(
                s_form,
                [
                    new ChartAction
                    {
                        Id = "reindex", Title = "Reindex", Description = "", AllowedRole = ActionRole.Maintainer,
                        Target = new HttpTarget("/reindex", HttpVerb.POST),
                    },
                ],
                ChartFeatures.Default, []));
        }

        await db.SaveChangesAsync(Cancel);
    }

    /// <summary>A deployment of this name, and a task of this operation on it that failed.</summary>
    protected async Task<DeploymentTask> FailedAsync(string operation, string name = "shop")
    {
        var id = (await CreateAsync(name, """{"a":1,"password":"hunter2"}""")).DeploymentId;
        if (operation is not nameof(Install))
        {
            await EndAsync(RevisionChange.Record);
        }

        await QueueAsync(operation, id, name);
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        return (await TasksAsync(id)).Last(t => t.OpKind == operation);
    }

    protected async Task<SaveResult> RetryAsync(DeploymentTask task, Actor? actor = null) =>
        await Repeats.RetryAsync(new RepeatRequest(task.Id), actor ?? Alice, Cancel);

    /// <summary>The new task.</summary>
    protected async Task<DeploymentTask> MadeAsync(SaveResult result)
    {
        var saved = result as SaveResult.Saved;
        Assert.True(saved is not null, $"{result}");
        return (await History.FindAsync(saved.TaskId!.Value, Cancel))!;
    }

    /// <summary>What is stored of an operation, to the byte.</summary>
    protected async Task<string?> StoredAsync(Guid taskId, string field)
    {
        await using var command = Source.CreateCommand(
            $"SELECT operation -> op_kind ->> '{field}' FROM deployment_tasks WHERE id = '{taskId}'");
        return await command.ExecuteScalarAsync(Cancel) as string;
    }

    protected async Task<Deployment> DeploymentAsync(Guid id)
    {
        await using var db = await DbAsync();
        return await db.Deployments.AsNoTracking().SingleAsync(d => d.Id == id, Cancel);
    }

    /// <summary>Somebody who is this for the kind, or in the env.</summary>
    protected async Task<Actor> ActorAsync(Standing standing)
    {
        await using var db = await DbAsync();
        if (standing is Standing.Deployment)
        {
            return new Actor.Deployment((await CreateAsync("caller")).DeploymentId, "web-caller");
        }

        var user = new User { DisplayName = $"{standing}", Email = $"{standing}@x.org", IsAdmin = standing is Standing.SiteAdmin };
        db.Add(user);
        await db.SaveChangesAsync(Cancel);
        if (standing is Standing.Member or Standing.EnvAdmin)
        {
            var role = standing is Standing.Member ? EnvRole.User : EnvRole.Admin;
            db.Add(new EnvPermission { EnvId = Env.Id, UserId = user.Id, Role = role });
        }
        else if (standing is Standing.Maintainer or Standing.Owner)
        {
            var role = standing is Standing.Maintainer ? KindRole.Maintainer : KindRole.Owner;
            db.Add(new DeploymentPermission { EnvId = Env.Id, KindId = Kind.Id, UserId = user.Id, Role = role });
        }

        await db.SaveChangesAsync(Cancel);
        return new Actor.User(user.Id, user.DisplayName);
    }

    private Task QueueAsync(string operation, Guid id, string name) => operation switch
    {
        nameof(Install) => Task.CompletedTask, // it is waiting
        nameof(Upgrade) => SavedAsync(id, new DeploymentEdit { Config = Json("""{"a":2,"password":"sesame"}""") }),
        nameof(Recreate) => SavedAsync(id, new DeploymentEdit { Name = $"{name}-moved" }),
        nameof(Uninstall) => SavedAsync(id, new DeploymentEdit { Enabled = false }),
        nameof(Reinstall) => ReinstallAsync(id),
        nameof(InvokeAction) => EnqueueAsync(TaskFor(id, name, new InvokeAction(Chart.Id, "reindex", Json("""{"depth":3}""")))),
        _ => RestartAsync(id, name),
    };

    private async Task ReinstallAsync(Guid id)
    {
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await TaskQueue.ReinstallAsync(db, [id], "secret db/password changed", Alice, Cancel);
        await TaskQueue.ReinstallAsync(db, [id], "env tolerations changed", Alice, Cancel);
        await transaction.CommitAsync(Cancel);
    }

    private async Task RestartAsync(Guid id, string name)
    {
        var pod = new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = Cluster.Id,
            DeploymentId = id,
            Kind = "Pod",
            ApiVersion = "v1",
            Name = $"{name}-0",
        };
        await using (var db = await DbAsync())
        {
            db.Add(pod);
            await db.SaveChangesAsync(Cancel);
        }

        await EnqueueAsync(TaskFor(id, name, new RestartK8sResource(pod.Id, pod.Name, pod.Kind)));
    }

    private NewTask TaskFor(Guid id, string name, Operation operation) => new()
    {
        DeploymentId = id,
        EnvId = Env.Id,
        ClusterId = Cluster.Id,
        Operation = operation,
        Actor = Alice,
        KindName = Kind.Name,
        DeploymentName = name,
        ClusterName = Cluster.Name,
        Namespace = $"web-{name}",
        ChartVersion = Chart.ImageTag,
    };
}
