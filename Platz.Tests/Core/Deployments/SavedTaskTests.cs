using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>What the tasks of the table of contract 2.4 carry, and what is refused.</summary>
public sealed class SavedTaskTests(PostgresServer postgres) : EditorTest(postgres)
{
    [Fact]
    public async Task A_new_deployment_is_installed()
    {
        var saved = await CreateAsync("shop");
        var task = Assert.Single(await TasksAsync(saved.DeploymentId));
        var install = Assert.IsType<Install>(task.Operation);
        Assert.Equal(Chart.Id, install.HelmChartId);
        Assert.Equal("web-shop", task.Namespace);
    }

    [Fact]
    public async Task A_save_without_a_difference_makes_an_upgrade_with_an_empty_delta()
    {
        var saved = await CreateAsync("shop", """{"a":1}""");
        await SavedAsync(saved.DeploymentId, new DeploymentEdit { Config = Json("""{"a":1}""") });
        var upgrade = Assert.IsType<Upgrade>((await TasksAsync(saved.DeploymentId))[^1].Operation);
        Assert.Empty(upgrade.ConfigDelta!);
        Assert.Empty(upgrade.ValuesOverrideDelta!);
        Assert.Equal((Chart.Id, Chart.Id), (upgrade.HelmChartId, upgrade.PrevHelmChartId!.Value));
    }

    [Fact]
    public async Task An_upgrade_tells_what_changed_and_from_where()
    {
        var saved = await CreateAsync("shop", """{"a":1}""");
        await SavedAsync(saved.DeploymentId, new DeploymentEdit
        {
            HelmChartId = Newer.Id,
            Config = Json("""{"a":2}"""),
            ValuesOverride = Json("""{"x":true}"""),
        });
        var task = (await TasksAsync(saved.DeploymentId))[^1];
        var upgrade = Assert.IsType<Upgrade>(task.Operation);
        Assert.Equal("""{"a":[1,2]}""", upgrade.ConfigDelta!.ToJsonString());
        Assert.Equal("""{"x":[null,true]}""", upgrade.ValuesOverrideDelta!.ToJsonString());
        Assert.Equal(("1.0.0", "2.0.0"), (task.PrevChartVersion, task.ChartVersion));
    }

    [Fact]
    public async Task A_move_names_both_places_and_runs_first_at_the_new_one()
    {
        var saved = await CreateAsync("shop");
        await SavedAsync(saved.DeploymentId, new DeploymentEdit { ClusterId = Second.Id, Name = "store" });
        var task = (await TasksAsync(saved.DeploymentId))[^1];
        var recreate = Assert.IsType<Recreate>(task.Operation);
        Assert.Equal((Cluster.Id, "web-shop"), (recreate.OldClusterId, recreate.OldNamespace));
        Assert.Equal((Second.Id, "web-store"), (recreate.NewClusterId, recreate.NewNamespace));
        Assert.Equal((Second.Id, "two", "web-store"), (task.RunClusterId, task.ClusterName, task.Namespace));
        Assert.False(recreate.ChangesMore);
    }

    [Fact]
    public async Task A_move_tells_what_else_was_changed_with_it()
    {
        var saved = await CreateAsync("shop", """{"a":1}""");
        await SavedAsync(saved.DeploymentId, new DeploymentEdit
        {
            Name = "store",
            HelmChartId = Newer.Id,
            Config = Json("""{"a":2}"""),
            ValuesOverride = Json("""{"x":true}"""),
        });
        var recreate = Assert.IsType<Recreate>((await TasksAsync(saved.DeploymentId))[^1].Operation);
        Assert.Equal((Chart.Id, Newer.Id, true), (recreate.PrevHelmChartId, recreate.HelmChartId, recreate.ChangesMore));
        Assert.Equal("""{"a":[1,2]}""", recreate.ConfigDelta!.ToJsonString());
        Assert.Equal("""{"x":[null,true]}""", recreate.ValuesOverrideDelta!.ToJsonString());
    }

    [Fact]
    public async Task Disabling_and_renaming_in_one_save_uninstalls_at_the_old_place()
    {
        var saved = await CreateAsync("shop");
        await SavedAsync(saved.DeploymentId, new DeploymentEdit { Enabled = false, Name = "store", ClusterId = Second.Id });
        var task = (await TasksAsync(saved.DeploymentId))[^1];
        Assert.IsType<Uninstall>(task.Operation);
        Assert.Equal((Cluster.Id, "web-shop"), (task.ClusterId, task.Namespace));
    }

    [Fact]
    public async Task After_a_move_that_failed_the_next_save_moves_from_where_the_release_still_is()
    {
        var saved = await CreateAsync("shop");
        await EndAsync(RevisionChange.Record);
        await SavedAsync(saved.DeploymentId, new DeploymentEdit { Name = "store" });
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        await SavedAsync(saved.DeploymentId, new DeploymentEdit { Config = [] });
        var recreate = Assert.IsType<Recreate>((await TasksAsync(saved.DeploymentId))[^1].Operation);
        Assert.Equal(("web-shop", "web-store"), (recreate.OldNamespace, recreate.NewNamespace));
    }

    [Fact]
    public async Task Going_back_after_a_move_that_failed_is_an_upgrade()
    {
        var saved = await CreateAsync("shop");
        await EndAsync(RevisionChange.Record);
        await SavedAsync(saved.DeploymentId, new DeploymentEdit { Name = "store" });
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        await SavedAsync(saved.DeploymentId, new DeploymentEdit { Name = "shop" });
        Assert.IsType<Upgrade>((await TasksAsync(saved.DeploymentId))[^1].Operation);
    }

    [Fact]
    public async Task Delete_cancels_what_waits_and_uninstalls()
    {
        var saved = await CreateAsync("shop");
        var result = await Editor.DeleteAsync(saved.DeploymentId, Alice, null, Cancel);
        Assert.IsType<SaveResult.Saved>(result);
        var tasks = await TasksAsync(saved.DeploymentId);
        Assert.Equal([nameof(Install), nameof(Uninstall)], tasks.Select(t => t.OpKind));
        Assert.Equal((DeploymentTaskStatus.Canceled, Alice.Id), (tasks[0].Status, tasks[0].CanceledByUserId!.Value));
    }

    [Fact]
    public async Task Disable_and_delete_are_refused_while_enabled_deployments_depend_on_it()
    {
        var provider = await CreateAsync("provider");
        var dependent = await CreateAsync("dependent");
        await ExecuteAsync($"""
            INSERT INTO deployment_dependencies (deployment_id, kind, target_id)
            VALUES ('{dependent.DeploymentId}', 'Deployment', '{provider.DeploymentId}')
            """);
        var disable = await Editor.UpdateAsync(
            provider.DeploymentId, new DeploymentEdit { Enabled = false }, Alice, Cancel);
        Assert.Contains("web-dependent", Assert.IsType<SaveResult.Conflict>(disable).Message, StringComparison.Ordinal);
        Assert.IsType<SaveResult.Conflict>(await Editor.DeleteAsync(provider.DeploymentId, Alice, null, Cancel));

        await SavedAsync(dependent.DeploymentId, new DeploymentEdit { Enabled = false });
        await SavedAsync(provider.DeploymentId, new DeploymentEdit { Enabled = false });
    }

    [Fact]
    public async Task Disabling_cancels_the_reinstalls_that_wait_and_nothing_else()
    {
        var saved = await CreateAsync("shop");
        var other = await CreateAsync("other");
        await SavedAsync(saved.DeploymentId, new DeploymentEdit { Config = Json("""{"a":1}""") });
        await using (var db = await DbAsync())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            await TaskQueue.ReinstallAsync(
                db, [saved.DeploymentId, other.DeploymentId], "env tolerations changed", Alice, Cancel);
            await transaction.CommitAsync(Cancel);
        }

        await SavedAsync(saved.DeploymentId, new DeploymentEdit { Enabled = false });

        var tasks = await TasksAsync(saved.DeploymentId);
        Assert.Equal(
            [
                (nameof(Install), DeploymentTaskStatus.Pending), (nameof(Upgrade), DeploymentTaskStatus.Pending),
                (nameof(Reinstall), DeploymentTaskStatus.Canceled), (nameof(Uninstall), DeploymentTaskStatus.Pending),
            ],
            tasks.Select(t => (t.OpKind, t.Status)));
        Assert.Equal(("The deployment was disabled.", "Alice"), (tasks[2].CancelReason, tasks[2].CanceledByName));
        Assert.All(await TasksAsync(other.DeploymentId), t => Assert.Equal(DeploymentTaskStatus.Pending, t.Status));
    }

    [Fact]
    public async Task Scheduling_that_somebody_else_changed_meanwhile_is_not_saved_over()
    {
        var editor = Services.GetRequiredService<EnvEditor>();
        var seen = new EnvPlacement([], []);
        await editor.PlaceAsync(Env.Id, new JsonObject { ["pool"] = "a" }, null, seen, Alice, Cancel);

        var refused = await editor.PlaceAsync(Env.Id, new JsonObject { ["pool"] = "b" }, [], seen, Alice, Cancel);

        var theirs = Assert.IsType<EnvResult.Conflict>(refused).Theirs;
        Assert.Equal("a", theirs.NodeSelector["pool"]!.GetValue<string>());
        var saved = await editor.PlaceAsync(Env.Id, new JsonObject { ["pool"] = "b" }, [], theirs, Alice, Cancel);
        Assert.IsType<EnvResult.Saved>(saved);
        await using var db = await DbAsync();
        Assert.Equal("b", (await db.Envs.SingleAsync(e => e.Id == Env.Id, Cancel)).NodeSelector["pool"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_save_of_a_deployment_and_a_change_of_where_its_env_runs_wait_for_each_other_in_one_order()
    {
        var shop = await CreateAsync("shop");
        await using var connection = await Source.OpenConnectionAsync(Cancel);
        await using var save = await connection.BeginTransactionAsync(Cancel);
        await OnAsync($"SELECT pg_advisory_xact_lock(hashtextextended('{shop.DeploymentId}', 0))");

        var placing = Services.GetRequiredService<EnvEditor>()
            .PlaceAsync(Env.Id, new JsonObject { ["pool"] = "a" }, [], seen: null, Alice, Cancel);
        await UntilAsync("EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))");
        await OnAsync($"SELECT FROM envs WHERE id = '{Env.Id}' FOR KEY SHARE"); // as the task does, which names the env
        await save.CommitAsync(Cancel);

        Assert.IsType<EnvResult.Saved>(await placing);

        async Task OnAsync(string sql)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection, save);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }

    [Fact]
    public async Task A_changed_node_selector_or_toleration_reinstalls_the_env()
    {
        var (on, off) = (await CreateAsync("on"), await CreateAsync("off"));
        await SavedAsync(off.DeploymentId, new DeploymentEdit { Enabled = false });
        var editor = Services.GetRequiredService<EnvEditor>();
        var same = await editor.PlaceAsync(Env.Id, [], [], seen: null, Alice, Cancel);
        Assert.Equal(0, Assert.IsType<EnvResult.Saved>(same).Reinstalled);
        var changed = await editor.PlaceAsync(Env.Id, new JsonObject { ["pool"] = "a" }, [], seen: null, Alice, Cancel);
        Assert.Equal(1, Assert.IsType<EnvResult.Saved>(changed).Reinstalled);
        Assert.Equal("env node selector changed", (await TasksAsync(on.DeploymentId))[^1].Reason);
        Assert.DoesNotContain(await TasksAsync(off.DeploymentId), t => t.Operation is Reinstall);
    }
}
