using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

public sealed class TaskComparisonTests(PostgresServer postgres) : RepeatTest(postgres)
{
    private TaskComparison Comparison => Services.GetRequiredService<TaskComparison>();

    [Fact]
    public async Task Two_tasks_differ_by_what_the_later_one_changed()
    {
        var (first, second) = await TwoAsync();

        var there = (await Comparison.ReadAsync(first.DeploymentId, first.Id, second.Id, Alice, Cancel))!.Difference!;
        var back = (await Comparison.ReadAsync(first.DeploymentId, second.Id, first.Id, Alice, Cancel))!.Difference!;
        var same = (await Comparison.ReadAsync(first.DeploymentId, first.Id, first.Id, Alice, Cancel))!.Difference!;

        Assert.Equal(("1.0.0", "2.0.0"), (there.VersionBefore, there.VersionAfter));
        Assert.Equal("""{"a":[1,2],"password":[{"$sensitive":true},{"$sensitive":true}]}""", there.ConfigDelta.ToJsonString());
        Assert.Equal("""{"x":[null,1]}""", there.OverrideDelta!.ToJsonString());
        Assert.Equal("""{"x":[1,null]}""", back.OverrideDelta!.ToJsonString());
        Assert.Equal(["Amount", "Password", "Database"], there.Fields.Select(f => f.Label).Distinct());
        Assert.True(same.IsEmpty);
    }

    [Fact]
    public async Task Only_tasks_of_one_deployment_that_one_may_see_are_compared()
    {
        var (first, second) = await TwoAsync();
        var other = await FailedAsync(nameof(Install), "other");
        var stranger = await ActorAsync(Standing.None);
        var member = await ActorAsync(Standing.Member);

        Assert.Null(await Comparison.ReadAsync(first.DeploymentId, first.Id, other.Id, Alice, Cancel));
        Assert.Null(await Comparison.ReadAsync(first.DeploymentId, first.Id, Guid.NewGuid(), Alice, Cancel));
        Assert.Null(await Comparison.ReadAsync(Guid.NewGuid(), first.Id, second.Id, Alice, Cancel));
        Assert.Null(await Comparison.ReadAsync(first.DeploymentId, first.Id, second.Id, stranger, Cancel));
        var seen = (await Comparison.ReadAsync(first.DeploymentId, first.Id, second.Id, member, Cancel))!;
        Assert.Equal((true, null, Standing.Member), (seen.Difference!.Override, seen.Difference.OverrideDelta, seen.Standing));
    }

    [Fact]
    public async Task What_has_no_inputs_is_no_use_to_compare()
    {
        var restart = await FailedAsync(nameof(RestartK8sResource));
        var install = (await TasksAsync(restart.DeploymentId))[0];
        Assert.Null((await Comparison.ReadAsync(install.DeploymentId, install.Id, restart.Id, Alice, Cancel))!.Difference);
    }

    [Fact]
    public async Task What_is_installed_and_what_was_before_are_offered_first()
    {
        var (first, second) = await TwoAsync();
        await SavedAsync(first.DeploymentId, new DeploymentEdit { Config = Json("""{"a":3}""") });
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        var failed = (await TasksAsync(first.DeploymentId))[^1];

        var choices = await Comparison.ChoicesAsync(failed, null, Cancel);

        Assert.Equal((second.Id, second.Id), (choices.Current!.Id, choices.Previous!.Id));
        Assert.Equal([second.Id, first.Id], choices.Others.Select(o => o.Id));
        var ofFirst = await Comparison.ChoicesAsync(first, null, Cancel);
        Assert.Equal((second.Id, null), (ofFirst.Current!.Id, ofFirst.Previous));
        var older = await Comparison.ChoicesAsync(failed, second.CreatedAt, Cancel);
        Assert.Equal((second.Id, first.Id), (older.Current!.Id, Assert.Single(older.Others).Id));
    }

    private async Task<(DeploymentTask First, DeploymentTask Second)> TwoAsync()
    {
        var id = (await CreateAsync("shop", """{"a":1,"password":"hunter2"}""")).DeploymentId;
        await EndAsync(RevisionChange.Record);
        await SavedAsync(id, new DeploymentEdit
        {
            HelmChartId = Newer.Id,
            Config = Json("""{"a":2,"password":"sesame"}"""),
            ValuesOverride = Json("""{"x":1}"""),
        });
        await EndAsync(RevisionChange.Record);
        var tasks = await TasksAsync(id);
        return (tasks[0], tasks[1]);
    }
}
