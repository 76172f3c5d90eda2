using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Audit;

/// <summary>
/// Each command on what is no deployment tells the audit trail once, of who asked; never a secret; and nothing of what
/// was to be done where it is refused.
/// </summary>
public sealed class AuditedTests(PostgresServer postgres) : AuditTest(postgres)
{
    private const string Canary = "open-sesame-4711";

    private static readonly string[] s_groups = ["Secret.", "Env.", "Cluster.", "Registry.", "Kind.", "TagFormat."];

    /// <summary>What Platz tells by itself, or does not do yet.</summary>
    private static readonly string[] s_others =
        [AuditAction.ClusterFound, AuditAction.RegistryFound, AuditAction.RegistryGone];

    [Fact]
    public void Every_action_on_what_is_set_up_stands_in_the_table() => Assert.Equal(
        AuditAction.All.Where(a => s_groups.Any(group => a.StartsWith(group, StringComparison.Ordinal))).Except(s_others).Order(),
        Table().Select(row => row.Action).Order());

    [Fact]
    public async Task What_is_done_is_told_once_by_whoever_did_it()
    {
        foreach (var row in Table())
        {
            var id = await row.Prepare();
            var before = await LastAsync();

            await row.Act(id, Alice);

            var told = (await SinceAsync(before)).Where(e => s_groups.Any(g => e.Action.StartsWith(g, StringComparison.Ordinal)))
                .ToList();
            Assert.Equal((row.Action, row.Action), (row.Action, string.Join(' ', told.Select(e => e.Action))));
            Assert.Equal((Alice.Id, "Alice", AuditOutcome.Done), (told[0].ActorId, told[0].ActorName, told[0].Outcome));
            Assert.True(told[0].SubjectName.Length > 0, row.Action);
        }

        await NoCanaryAsync();
    }

    [Fact]
    public async Task What_is_refused_or_changes_nothing_is_not_told()
    {
        foreach (var row in Table())
        {
            var id = await row.Prepare();
            var before = await LastAsync();

            await row.Act(id, new Actor.User(Guid.NewGuid(), "Nobody"));

            var told = (await SinceAsync(before)).Select(e => e.Action).Where(action => action != AuditAction.Denied);
            Assert.Equal((row.Action, ""), (row.Action, string.Join(' ', told)));
        }

        var secret = await SecretAsync();
        var last = await LastAsync();
        await Secrets.UpdateAsync(secret, null, Canary, Alice, Cancel);
        await Register.CreateAsync("demo", autoAddNewUsers: false, Alice, Cancel); // taken
        await Kinds.RenameAsync(Kind.Id, "Web", Alice, Cancel);
        await Registries.SetIconAsync(Registry.Id, "question", Alice, Cancel);
        Assert.Empty(await SinceAsync(last));
    }

    [Fact]
    public async Task One_save_of_several_things_tells_of_each()
    {
        await Envs.ChangeAsync(
            Env.Id, new EnvChange { Name = "renamed", AutoAddNewUsers = true, NodeSelector = new() { ["disk"] = "ssd" } },
            seen: null, Alice, Cancel);

        var told = await SinceAsync(0);

        Assert.Equal(
            [AuditAction.EnvRenamed, AuditAction.EnvAutoAddChanged, AuditAction.EnvPlacementChanged],
            told.Select(e => e.Action));
        Assert.All(told, e => Assert.Equal((Env.Id, Env.Id, "renamed"), (e.EnvId, e.SubjectId, e.SubjectName)));
        Assert.Equal("demo", (string?)told[0].Detail["before"]);
    }

    [Fact]
    public async Task A_sign_in_link_is_told_when_it_is_made_used_and_used_again_but_not_when_it_is_made_up()
    {
        var links = Services.GetRequiredService<SignInLinks>();
        var token = await links.CreateAsync(Alice.Id, Cancel);
        var origin = new Origin(System.Net.IPAddress.Parse("192.0.2.7"), TokenId: null);
        await links.RedeemAsync(token, origin, Cancel);
        await links.RedeemAsync(token, origin, Cancel);
        await links.RedeemAsync("made up", origin, Cancel);

        var told = await SinceAsync(0);

        Assert.Equal(
            ["Link.Created System Done", "Link.Used User Done", "Link.Refused Anonymous Denied"],
            told.Select(e => $"{e.Action} {e.ActorKind} {e.Outcome}"));
        Assert.All(told, e => Assert.Equal((Alice.Id, "Alice"), (e.SubjectId, e.SubjectName)));
        Assert.Equal("192.0.2.7", $"{told[1].Ip}");
        Assert.DoesNotContain(token, await TrailAsync(), StringComparison.Ordinal);
    }

    private SecretEditor Secrets => Services.GetRequiredService<SecretEditor>();

    private EnvRegister Register => Services.GetRequiredService<EnvRegister>();

    private EnvEditor Envs => Services.GetRequiredService<EnvEditor>();

    private ClusterEditor Clusters => Services.GetRequiredService<ClusterEditor>();

    private KindEditor Kinds => Services.GetRequiredService<KindEditor>();

    private RegistryEditor Registries => Services.GetRequiredService<RegistryEditor>();

    private TagFormats Formats => Services.GetRequiredService<TagFormats>();

    private Row[] Table() =>
    [
        new(AuditAction.SecretCreated, NothingAsync, (_, a) => Secrets.CreateAsync(NewSecret(), a, Cancel)),
        new(AuditAction.SecretChanged, SecretAsync, (id, a) => Secrets.UpdateAsync(id, null, $"{Canary}-2", a, Cancel)),
        new(AuditAction.SecretRenamed, SecretAsync, (id, a) => Secrets.UpdateAsync(id, $"{id}", null, a, Cancel)),
        new(AuditAction.SecretDeleted, SecretAsync, (id, a) => Secrets.DeleteAsync(id, a, Cancel)),
        new(AuditAction.EnvCreated, NothingAsync, (_, a) => Register.CreateAsync(Unique(), false, a, Cancel)),
        new(AuditAction.EnvRenamed, EnvAsync, (id, a) => Register.UpdateAsync(id, Unique(), null, a, Cancel)),
        new(AuditAction.EnvAutoAddChanged, EnvAsync, (id, a) => Register.UpdateAsync(id, null, true, a, Cancel)),
        new(AuditAction.EnvPlacementChanged, EnvAsync,
            (id, a) => Envs.PlaceAsync(id, null, [new JsonObject { ["tolerationSeconds"] = 0.5 }], null, a, Cancel)),
        new(AuditAction.EnvDeleted, EnvAsync, (id, a) => Register.DeleteAsync(id, a, Cancel)),
        new(AuditAction.ClusterChanged, ClusterAsync,
            (id, a) => ChangeAsync(id, s => s with { IngressDomain = "a.test", GrafanaUrl = "https://g.test" }, a)),
        new(AuditAction.ClusterIgnored, ClusterAsync, (id, a) => ChangeAsync(id, s => s with { Ignore = true }, a)),
        new(AuditAction.ClusterEnvChanged, ClusterAsync, (id, a) => ChangeAsync(id, s => s with { EnvId = null }, a)),
        new(AuditAction.ClusterDeleted, ClusterAsync, (id, a) => Clusters.DeleteAsync(id, a, Cancel)),
        new(AuditAction.RegistryIconChanged, () => Task.FromResult(Registry.Id),
            (id, a) => Registries.SetIconAsync(id, "database", a, Cancel)),
        new(AuditAction.KindRenamed, () => Task.FromResult(Kind.Id), (id, a) => Kinds.RenameAsync(id, "Site", a, Cancel)),
        new(AuditAction.TagFormatAdded, NothingAsync, (_, a) => Formats.AddAsync(Pattern(), a, Cancel)),
        new(AuditAction.TagFormatDeleted, FormatAsync, (id, a) => Formats.DeleteAsync(id, a, Cancel)),
    ];

    private Task<SettingResult> ChangeAsync(Guid id, Func<ClusterSettings, ClusterSettings> change, Actor actor) =>
        Clusters.ChangeAsync(id, change, seen: null, actor, Cancel);

    private NewSecret NewSecret() => new(Env.Id, "db", Unique(), Canary);

    private static string Unique() => $"n{Guid.NewGuid():N}"[..20];

    private static string Pattern() => $"^{Unique()}-(?<version>[0-9]+)$";

    private static Task<Guid> NothingAsync() => Task.FromResult(Guid.Empty);

    private async Task<Guid> SecretAsync() =>
        Assert.IsType<SecretResult.Saved>(await Secrets.CreateAsync(NewSecret(), Alice, Cancel)).Id;

    private async Task<Guid> EnvAsync() =>
        Assert.IsType<SettingResult.Saved>(await Register.CreateAsync(Unique(), false, Alice, Cancel)).Id;

    private async Task<Guid> FormatAsync() =>
        Assert.IsType<SettingResult.Saved>(await Formats.AddAsync(Pattern(), Alice, Cancel)).Id;

    private async Task<Guid> ClusterAsync()
    {
        await using var db = await DbAsync();
        var cluster = new Cluster { EnvId = Env.Id, ProviderId = Unique(), Name = "two", RegionName = "local" };
        db.Add(cluster);
        await db.SaveChangesAsync(Cancel);
        return cluster.Id;
    }

    private async Task<long> LastAsync()
    {
        await using var db = await DbAsync();
        return await db.AuditEvents.MaxAsync(e => (long?)e.Seq, Cancel) ?? 0;
    }

    private async Task<List<AuditEvent>> SinceAsync(long seq)
    {
        await using var db = await DbAsync();
        return await db.AuditEvents.AsNoTracking().Where(e => e.Seq > seq).OrderBy(e => e.Seq).ToListAsync(Cancel);
    }

    private async Task NoCanaryAsync() => Assert.DoesNotContain(Canary, await TrailAsync(), StringComparison.Ordinal);

    private async Task<string> TrailAsync()
    {
        await using var command = Source.CreateCommand("SELECT string_agg(row_to_json(e)::text, ' ') FROM audit_events AS e");
        return (string)(await command.ExecuteScalarAsync(Cancel))!;
    }

    /// <param name="Prepare">Makes what it is done to.</param>
    private sealed record Row(string Action, Func<Task<Guid>> Prepare, Func<Guid, Actor, Task> Act);
}
