using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Catalog;

public sealed class EnvRegisterTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private EnvRegister Envs => Services.GetRequiredService<EnvRegister>();

    [Fact]
    public async Task Whoever_makes_an_env_is_its_admin()
    {
        var saved = Assert.IsType<SettingResult.Saved>(await Envs.CreateAsync(" staging ", true, Alice, Cancel));

        await using var db = await DbAsync();
        var env = await db.Envs.SingleAsync(e => e.Id == saved.Id, Cancel);
        Assert.Equal(("staging", true), (env.Name, env.AutoAddNewUsers));
        var role = await db.EnvPermissions.SingleAsync(p => p.EnvId == saved.Id, Cancel);
        Assert.Equal((Alice.Id, EnvRole.Admin), (role.UserId, role.Role));
        var told = await db.AuditEvents.OrderBy(e => e.Seq).ToListAsync(Cancel);
        Assert.Equal(["Env.Created", "EnvRole.Granted"], told.Select(e => e.Action));
        Assert.Equal((saved.Id, "Alice", "Admin"), (told[1].EnvId, told[1].SubjectName, (string?)told[1].Detail["role"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("..")]
    [InlineData("0190f8a2-7c1e-7000-8000-000000000000")]
    [InlineData("DEMO")]
    public async Task A_name_that_no_address_could_hold_or_that_is_taken_is_refused(string name)
    {
        Assert.Equal("name", Field(await Envs.CreateAsync(name, false, Alice, Cancel)));
        var other = Assert.IsType<SettingResult.Saved>(await Envs.CreateAsync("other", false, Alice, Cancel)).Id;
        Assert.Equal("name", Field(await Envs.UpdateAsync(other, name, null, Alice, Cancel)));
    }

    [Fact]
    public async Task An_env_is_renamed_and_takes_in_new_users_each_by_itself()
    {
        Assert.IsType<SettingResult.Saved>(await Envs.UpdateAsync(Env.Id, "Demo", null, Alice, Cancel));
        Assert.IsType<SettingResult.Saved>(await Envs.UpdateAsync(Env.Id, null, true, Alice, Cancel));

        await using var db = await DbAsync();
        var env = await db.Envs.SingleAsync(e => e.Id == Env.Id, Cancel);
        Assert.Equal(("Demo", true), (env.Name, env.AutoAddNewUsers));
        Assert.IsType<SettingResult.NotFound>(await Envs.UpdateAsync(Guid.NewGuid(), "x", null, Alice, Cancel));
    }

    [Fact]
    public async Task An_env_goes_once_nothing_is_in_it_and_nothing_has_happened_in_it()
    {
        var id = Assert.IsType<SettingResult.Saved>(await Envs.CreateAsync("staging", false, Alice, Cancel)).Id;
        await ExecuteAsync($"UPDATE k8s_clusters SET env_id = '{id}'");
        Assert.Contains("clusters: one", Refused(await Envs.DeleteAsync(id, Alice, Cancel)), StringComparison.Ordinal);

        await ExecuteAsync("UPDATE k8s_clusters SET deleted_at = now()");
        await ExecuteAsync($"""
            INSERT INTO secrets (id, env_id, collection, name, contents, version)
            VALUES (gen_random_uuid(), '{id}', 'a', 'b', '', 1)
            """);
        Assert.Contains("a secret", Refused(await Envs.DeleteAsync(id, Alice, Cancel)), StringComparison.Ordinal);

        await ExecuteAsync("DELETE FROM secrets");
        Assert.IsType<SettingResult.Saved>(await Envs.DeleteAsync(id, Alice, Cancel));
        Assert.IsType<SettingResult.NotFound>(await Envs.DeleteAsync(id, Alice, Cancel));
    }

    [Fact]
    public async Task An_env_with_a_history_stays()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        await ExecuteAsync("UPDATE k8s_clusters SET env_id = null");

        Assert.Contains("history", Refused(await Envs.DeleteAsync(Env.Id, Alice, Cancel)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_env_is_deleted_after_whoever_changes_a_role_in_it()
    {
        var id = Assert.IsType<SettingResult.Saved>(await Envs.CreateAsync("staging", false, Alice, Cancel)).Id;
        await using var db = await DbAsync();
        await using var taking = await db.Database.BeginTransactionAsync(Cancel);
        await db.Database.ExecuteSqlAsync($"SELECT FROM envs WHERE id = {id} FOR NO KEY UPDATE", Cancel); // see RoleChange

        var deleting = Envs.DeleteAsync(id, Alice, Cancel);
        await UntilAsync("EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')");
        await db.EnvPermissions.Where(p => p.EnvId == id).ExecuteDeleteAsync(Cancel);
        await taking.CommitAsync(Cancel);

        Assert.IsType<SettingResult.Saved>(await deleting);
    }

    private static string Refused(SettingResult result) => Assert.IsType<SettingResult.Conflict>(result).Message;

    private static string Field(SettingResult result) =>
        Assert.Single(Assert.IsType<SettingResult.Invalid>(result).Errors).Field;
}
