using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>Who may retry and roll back what, and in which state of the deployment, cell by cell.</summary>
public sealed class RepeatTableTests(PostgresServer postgres) : RepeatTest(postgres)
{
    // 404: does not exist for them, 403: not theirs to do.
    private const string Roles = """
                              None Deployment Member Maintainer Owner EnvAdmin SiteAdmin
        Install               404  403        403    403        ok    ok       ok
        Upgrade               404  403        403    ok         ok    ok       ok
        Reinstall             404  403        403    ok         ok    ok       ok
        Recreate              404  403        403    ok         ok    ok       ok
        Uninstall             404  403        403    403        ok    ok       ok
        InvokeAction          404  ok         403    ok         ok    ok       ok
        RestartK8sResource    404  403        403    ok         ok    ok       ok
        Upgrade-override      404  403        403    403        ok    ok       ok
        Rollback              404  403        403    ok         ok    ok       ok
        Rollback-override     404  403        403    403        ok    ok       ok
        """;

    private const string States = """
                              asIs upgraded disabled enabled moved moving deleting deleted broken gone
        Install               ok   409      409      ok      409   409    409      409     409    409
        Upgrade               ok   ok       409      ok      409   409    409      409     409    409
        Reinstall             ok   ok       409      ok      409   409    409      409     ok     ok
        Recreate              ok   409      409      ok      409   409    409      409     409    409
        Uninstall             ok   ok       ok       409     ok    ok     409      409     ok     ok
        InvokeAction          ok   409      409      ok      ok    ok     409      409     ok     ok
        RestartK8sResource    ok   ok       409      ok      ok    ok     409      409     ok     ok
        Rollback              ok   ok       409      ok      ok    ok     409      409     409    409
        """;

    public static TheoryData<string> RolesOf() => [.. Rows(Roles).Skip(1).Select(row => row[0])];

    public static TheoryData<string> StatesOf() => [.. Rows(States).Skip(1).Select(row => row[0])];

    [Theory, MemberData(nameof(RolesOf))]
    public async Task Who_may(string what)
    {
        var task = await TaskAsync(what, "shop");
        if (what.EndsWith("-override", StringComparison.Ordinal))
        {
            await SavedAsync(task.DeploymentId, new DeploymentEdit { ValuesOverride = Json("""{"since":1}""") });
        }

        foreach (var (role, expected) in Cells(Roles, what))
        {
            var actor = await ActorAsync(Enum.Parse<Standing>(role));
            Assert.Equal((role, expected), (role, Word(await RepeatAsync(what, task, actor))));
        }
    }

    [Theory, MemberData(nameof(StatesOf))]
    public async Task In_which_state(string what)
    {
        foreach (var (state, expected) in Cells(States, what))
        {
            await ExecuteAsync("UPDATE helm_charts SET error = NULL, available = true");
            var task = await TaskAsync(what, state.ToLowerInvariant());
            await ChangeAsync(task.DeploymentId, state, state.ToLowerInvariant());

            Assert.Equal((state, expected), (state, Word(await RepeatAsync(what, task, Alice))));
        }
    }

    [Theory]
    [InlineData("Pending", "409", "409")]
    [InlineData("Started", "409", "409")]
    [InlineData("Done", "409", "ok")]
    [InlineData("Failed", "ok", "409")]
    [InlineData("Canceled", "ok", "409")]
    [InlineData("Canceled when it was complete", "ok", "ok")]
    public async Task From_which_status(string status, string retry, string rollback)
    {
        var id = (await CreateAsync("shop")).DeploymentId;
        await EndAsync(RevisionChange.Record);
        await SavedAsync(id, new DeploymentEdit { Config = Json("""{"a":2}""") });
        var task = (await TasksAsync(id))[^1];
        if (status is "Canceled")
        {
            await Queue.CancelAsync(task.Id, Alice, null, Cancel);
        }
        else if (status is not "Pending")
        {
            var started = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
            if (status.StartsWith("Canceled", StringComparison.Ordinal))
            {
                await Queue.CancelAsync(task.Id, Alice, null, Cancel);
            }

            await (status switch
            {
                "Started" => Task.CompletedTask,
                "Failed" => Queue.FinishAsync([Done(started) with { Status = DeploymentTaskStatus.Failed }]),
                _ => Queue.FinishAsync([Done(started)]),
            });
        }

        Assert.Equal(retry, Word(await Preview(Repeat.Retry, task)));
        Assert.Equal(rollback, Word(await Preview(Repeat.Rollback, task)));
    }

    [Fact]
    public async Task What_cannot_be_read_is_not_repeated()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        await ExecuteAsync("ALTER TABLE deployment_tasks DISABLE TRIGGER USER");
        await ExecuteAsync($$$"""
            UPDATE deployment_tasks SET operation = '{"Transmogrify":{}}', op_kind = 'Transmogrify' WHERE id = '{{{failed.Id}}}'
            """);

        Assert.Contains("cannot read the task", Assert.IsType<SaveResult.Conflict>(await RetryAsync(failed)).Message);
        Assert.IsType<SaveResult.NotFound>(await Repeats.RetryAsync(new RepeatRequest(Guid.NewGuid()), Alice, Cancel));
    }

    private async Task<DeploymentTask> TaskAsync(string what, string name)
    {
        if (!what.StartsWith("Rollback", StringComparison.Ordinal))
        {
            return await FailedAsync(what.Replace("-override", "", StringComparison.Ordinal), name);
        }

        var failed = await FailedAsync(nameof(Upgrade), name);
        return (await TasksAsync(failed.DeploymentId))[0];
    }

    private Task<SaveResult> RepeatAsync(string what, DeploymentTask task, Actor actor) =>
        what.StartsWith("Rollback", StringComparison.Ordinal)
            ? Repeats.RollBackAsync(new RepeatRequest(task.Id), actor, Cancel)
            : Repeats.RetryAsync(new RepeatRequest(task.Id), actor, Cancel);

    private async Task<SaveResult> Preview(Repeat repeat, DeploymentTask task) =>
        (await Repeats.PreviewAsync(repeat, task.Id, Alice, Cancel))!.Refusal
        ?? new SaveResult.Saved(task.DeploymentId, task.Id);

    private async Task ChangeAsync(Guid id, string state, string name)
    {
        switch (state)
        {
            case "upgraded" or "enabled" when await DeploymentAsync(id) is { Enabled: false }:
                await (state is "enabled" ? SavedAsync(id, new DeploymentEdit { Enabled = true }) : Task.CompletedTask);
                break;
            case "upgraded":
                await SavedAsync(id, new DeploymentEdit { HelmChartId = Newer.Id });
                await EndAsync(RevisionChange.Record);
                break;
            case "disabled":
                await SavedAsync(id, new DeploymentEdit { Enabled = false });
                break;
            case "moved" or "moving":
                await SavedAsync(id, new DeploymentEdit { Name = $"{name}-2" });
                await (state is "moved" ? EndAsync(RevisionChange.Record) : Task.CompletedTask);
                break;
            case "deleting" or "deleted":
                await Editor.DeleteAsync(id, Alice, null, Cancel);
                await (state is "deleted" ? DeletedAsync() : Task.CompletedTask);
                break;
            case "broken":
                await ExecuteAsync("UPDATE helm_charts SET error = 'values-ui.yaml:3: no such type'");
                break;
            case "gone":
                await ExecuteAsync("UPDATE helm_charts SET available = false");
                break;
        }
    }

    private async Task DeletedAsync()
    {
        foreach (var task in await Queue.ClaimAsync(Claims(), Cancel))
        {
            await Queue.FinishAsync([Done(task) with { Revision = RevisionChange.Clear, DeletesDeployment = true }]);
        }
    }

    private static string Word(SaveResult result) => result switch
    {
        SaveResult.Saved => "ok",
        SaveResult.NotFound => "404",
        SaveResult.Forbidden => "403",
        SaveResult.Conflict => "409",
        _ => $"{result}",
    };

    private static List<string[]> Rows(string table) =>
        [.. table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static IEnumerable<(string Column, string Cell)> Cells(string table, string row) =>
        Rows(table)[0].Zip(Rows(table).Single(r => r[0] == row).Skip(1));
}
