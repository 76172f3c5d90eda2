using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>What makes no task, and so is not in the history, is told by the audit trail.</summary>
public sealed class SavedWithoutTaskTests(PostgresServer postgres) : EditorTest(postgres)
{
    [Fact]
    public async Task A_description_is_told_by_its_name_and_only_where_it_is_another()
    {
        var id = (await CreateAsync("shop")).DeploymentId;
        await SavedAsync(id, new DeploymentEdit { DescriptionMd = "open-sesame-4711" });
        await SavedAsync(id, new DeploymentEdit { DescriptionMd = "open-sesame-4711" });
        await SavedAsync(id, new DeploymentEdit { Config = Json("""{"a":1}""") }); // a task tells of it

        var told = Assert.Single(await ToldAsync());

        Assert.Equal(
            (AuditAction.DeploymentChanged, Alice.Id, id, "web-shop", Env.Id, """{"changed":["description_md"]}"""),
            (told.Action, told.ActorId, told.SubjectId, told.SubjectName, told.EnvId, told.Detail.ToJsonString()));
    }

    [Fact]
    public async Task What_is_switched_off_is_changed_without_a_task_and_told()
    {
        var id = (await CreateAsync("shop")).DeploymentId;
        await SavedAsync(id, new DeploymentEdit { Enabled = false });
        var tasks = await TasksAsync(id);

        await SavedAsync(id, new DeploymentEdit { HelmChartId = Newer.Id, Config = Json("""{"a":"open-sesame-4711"}""") });

        Assert.Equal(tasks.Count, (await TasksAsync(id)).Count);
        Assert.Equal(
            """{"changed":["config","helm_chart_id"]}""", Assert.Single(await ToldAsync()).Detail.ToJsonString());
    }

    [Fact]
    public async Task What_is_saved_with_a_task_that_does_not_tell_of_it_is_told()
    {
        var id = (await CreateAsync("shop", """{"a":1}""")).DeploymentId;
        await SavedAsync(id, new DeploymentEdit
        {
            DescriptionMd = "new",
            Config = Json("""{"a":2}"""),
            HelmChartId = Newer.Id,
            Name = "store",
        });
        await SavedAsync(id, new DeploymentEdit { Enabled = false, Config = Json("""{"a":3}"""), HelmChartId = Chart.Id });
        await SavedAsync(id, new DeploymentEdit { Enabled = true, Config = Json("""{"a":4}""") });

        Assert.Equal(
            ["""{"changed":["description_md"]}""", """{"changed":["config","helm_chart_id"]}"""],
            (await ToldAsync()).Select(e => e.Detail.ToJsonString()));
    }

    [Fact]
    public async Task What_is_refused_is_not_told_as_done()
    {
        var id = (await CreateAsync("shop")).DeploymentId;

        await Editor.UpdateAsync(
            id, new DeploymentEdit { DescriptionMd = "x" }, new Actor.User(Guid.NewGuid(), "Nobody"), Cancel);

        Assert.Empty(await ToldAsync());
    }

    private async Task<List<AuditEvent>> ToldAsync()
    {
        await using var db = await DbAsync();
        return await db.Set<AuditEvent>().Where(e => e.Action.StartsWith("Deployment.")).OrderBy(e => e.Seq).ToListAsync(Cancel);
    }
}
