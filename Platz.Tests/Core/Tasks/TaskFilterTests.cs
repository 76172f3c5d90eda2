using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Status = Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Core.Tasks;

public sealed class TaskFilterTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly Dictionary<Guid, string> _names = [];
    private Bot _bot = null!;
    private Deployment _shop = null!;
    private Deployment _office = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _shop = await AddDeploymentAsync("shop");
        _office = await AddDeploymentAsync("office");
        _bot = new Bot { DisplayName = "ci" };
        await using (var db = await DbAsync())
        {
            db.Add(_bot);
            await db.SaveChangesAsync(Cancel);
        }

        await AddAsync("installed", TaskFor(_shop), Status.Done);
        await AddAsync("failed", TaskFor(_shop, new Uninstall()), Status.Failed, "Error: 100% of the quota_is used");
        await AddAsync("by the bot", TaskFor(_office) with { Actor = new Actor.Bot(_bot.Id, "ci") }, Status.Done);
        await AddAsync("by a deployment",
            TaskFor(_office, new Reinstall("A secret changed", [])) with
            {
                Actor = new Actor.Deployment(_shop.Id, "shop"),
            },
            Status.Canceled);
        await AddAsync("running", TaskFor(_shop), Status.Started);
        await AddAsync("waiting", TaskFor(_shop), Status.Pending);
    }

    [Fact]
    public async Task Each_filter_takes_several_values()
    {
        await AssertFindsAsync(new TaskFilter { Statuses = [Status.Failed, Status.Canceled] }, "by a deployment", "failed");
        await AssertFindsAsync(
            new TaskFilter { Statuses = [Status.Pending, Status.Done] }, "waiting", "by the bot", "installed");
        await AssertFindsAsync(new TaskFilter { OpKinds = ["Uninstall", "Reinstall"] }, "by a deployment", "failed");
        await AssertFindsAsync(
            new TaskFilter { Actors = [new(ActorKind.Bot, _bot.Id), new(ActorKind.Deployment, _shop.Id)] },
            "by a deployment", "by the bot");
        await AssertFindsAsync(
            new TaskFilter { Actors = [ActorRef.Of(Alice)] }, "waiting", "running", "failed", "installed");
        await AssertFindsAsync(
            new TaskFilter { DeploymentIds = [_office.Id, Guid.NewGuid()] }, "by a deployment", "by the bot");
        await AssertFindsAsync(new TaskFilter { ClusterIds = [Guid.NewGuid()] });
        await AssertFindsAsync(new TaskFilter { KindNames = ["Job"] });
        await AssertFindsAsync(new TaskFilter { KindNames = ["Job", "Web"], Statuses = [Status.Failed] }, "failed");
        await AssertFindsAsync(new TaskFilter { ActiveOnly = true }, "waiting", "running");
    }

    [Fact]
    public async Task A_text_is_found_in_whatever_case_and_means_itself()
    {
        await AssertFindsAsync(new TaskFilter { Text = " QUOTA " }, "failed");
        await AssertFindsAsync(new TaskFilter { Text = "100% of" }, "failed");
        await AssertFindsAsync(new TaskFilter { Text = "quota_is" }, "failed");
        await AssertFindsAsync(new TaskFilter { Text = "quota%used" });
        await AssertFindsAsync(new TaskFilter { Text = "quota_was" });
        await AssertFindsAsync(new TaskFilter { Text = "secret" }, "by a deployment");
        await AssertFindsAsync(new TaskFilter { Text = "a" }, "by a deployment", "failed");
    }

    [Fact]
    public async Task Filters_hold_together()
    {
        await AssertFindsAsync(
            new TaskFilter { Statuses = [Status.Done], Actors = [ActorRef.Of(Alice)], DeploymentIds = [_shop.Id] },
            "installed");
        await AssertFindsAsync(new TaskFilter { Statuses = [Status.Done], Text = "quota" });
        await AssertFindsAsync(new TaskFilter { EnvId = Env.Id, EnvIds = [] });
        var failed = (await History.PageAsync(new TaskFilter { Statuses = [Status.Failed] }, 1, Cancel)).Items[0];
        await AssertFindsAsync(
            new TaskFilter { CreatedFrom = failed.CreatedAt, DeploymentIds = [_shop.Id] },
            "waiting", "running", "failed");
        await AssertFindsAsync(new TaskFilter { CreatedTo = failed.CreatedAt }, "installed");
    }

    [Fact]
    public async Task New_tasks_count_where_they_match_while_the_rows_stay()
    {
        var filter = new TaskFilter { DeploymentIds = [_office.Id], OpKinds = ["Install"] };
        var shown = await History.PageAsync(filter, 1, Cancel);

        await EnqueueAsync(_office);
        await EnqueueAsync(_shop);
        await EnqueueAsync(TaskFor(_office, new Uninstall()));
        var same = await History.SameRowsAsync(filter, shown, Cancel);

        Assert.Equal(shown.Items.Select(t => t.Id), same.Items.Select(t => t.Id));
        Assert.Equal(1, same.Newer);
    }

    private async Task AssertFindsAsync(TaskFilter filter, params string[] names)
    {
        var page = await History.PageAsync(filter, 1, Cancel);
        Assert.Equal(names, page.Items.Select(t => _names[t.Id]));
        Assert.Equal(names.Length, page.Total);
    }

    private async Task AddAsync(string name, NewTask task, DeploymentTaskStatus status, string? reason = null)
    {
        var id = await EnqueueAsync(task);
        _names[id] = name;
        if (status is Status.Canceled)
        {
            await Queue.CancelAsync(id, Alice, null, Cancel);
        }

        if (status is Status.Started or Status.Done or Status.Failed)
        {
            var claimed = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
            if (status is not Status.Started)
            {
                await Queue.FinishAsync([Done(claimed) with { Status = status, Reason = reason }]);
            }
        }
    }
}
