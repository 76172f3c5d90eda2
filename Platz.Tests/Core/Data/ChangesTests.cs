using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Data;

public sealed class ChangesTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Change> _heard = [];
    private readonly SemaphoreSlim _marks = new(0);
    private Task _listening = Task.CompletedTask;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _listening = Services.GetRequiredService<Changes>().ListenAsync(Hear, _end.Token);
        await _marks.WaitAsync(Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _listening);
        _end.Dispose();
        _marks.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task What_was_done_is_said_with_the_row_it_was_done_to()
    {
        var env = new Env { Name = "stage" };
        Assert.Equal(["envs Insert own"], await AfterAsync(db => db.Add(env), env.Id));
        Assert.Equal(["envs Update own"], await AfterAsync(db => db.Update(env), env.Id));
        Assert.Equal(["envs Delete own"], await AfterAsync(db => db.Remove(env), env.Id));

        var kind = new Kind { Name = "Api" };
        Assert.Equal(["deployment_kinds Insert none"], await AfterAsync(db => db.Add(kind), kind.Id));
        Assert.Equal(["deployment_kinds Delete none"], await AfterAsync(db => db.Remove(kind), kind.Id));

        var format = new TagFormat { Pattern = "^(?<version>.*)$" };
        Assert.Equal(["helm_tag_formats Insert none"], await AfterAsync(db => db.Add(format), format.Id));

        var user = new User { DisplayName = "Bob", Email = "bob@example.org" };
        Assert.Equal(["users Insert none"], await AfterAsync(db => db.Add(user), user.Id));
        Assert.Equal(["users Update none"], await AfterAsync(db => db.Update(user), user.Id));
    }

    [Fact]
    public async Task What_is_marked_as_deleted_is_told_as_deleted()
    {
        var bot = new Bot { DisplayName = "ci" };
        Assert.Equal(["bots Insert none"], await AfterAsync(db => db.Add(bot), bot.Id));
        var deployment = await AddDeploymentAsync();
        foreach (var (table, id, where) in new[]
        {
            ("bots", bot.Id, "none"), ("deployments", deployment.Id, "demo"), ("k8s_clusters", Cluster.Id, "demo"),
        })
        {
            await ExecuteAsync($"UPDATE {table} SET deleted_at = now() WHERE id = '{id}'");
            Assert.Equal($"{table} Delete {where}", (await HeardAsync(id))[^1]);
        }
    }

    [Fact]
    public async Task Roles_are_told_in_their_env()
    {
        var role = new EnvPermission { EnvId = Env.Id, UserId = Alice.Id, Role = EnvRole.User };
        Assert.Equal(["env_user_permissions Insert demo"], await AfterAsync(db => db.Add(role), role.Id));
        Assert.Equal(["env_user_permissions Update demo"], await AfterAsync(db => db.Update(role), role.Id));
        Assert.Equal(["env_user_permissions Delete demo"], await AfterAsync(db => db.Remove(role), role.Id));

        var ofKind = new DeploymentPermission
        {
            EnvId = Env.Id,
            KindId = Kind.Id,
            UserId = Alice.Id,
            Role = KindRole.Owner,
        };
        Assert.Equal(["deployment_permissions Insert demo"], await AfterAsync(db => db.Add(ofKind), ofKind.Id));
        Assert.Equal(["deployment_permissions Delete demo"], await AfterAsync(db => db.Remove(ofKind), ofKind.Id));
    }

    [Fact]
    public async Task A_cluster_that_moves_is_news_in_both_envs()
    {
        var stage = new Env { Name = "stage" };
        await AfterAsync(db => db.Add(stage), stage.Id);

        await ExecuteAsync($"UPDATE k8s_clusters SET env_id = '{stage.Id}' WHERE id = '{Cluster.Id}'");

        Assert.Equal(
            ["k8s_clusters Update demo", "k8s_clusters Update other"], (await HeardAsync(Cluster.Id)).Order());
    }

    [Fact]
    public async Task A_deployment_that_moves_is_news_in_both_envs_and_within_one_env_once()
    {
        var deployment = await AddDeploymentAsync();
        var stage = new Env { Name = "stage" };
        await AfterAsync(db => db.Add(stage), stage.Id);
        var (near, far) = (NewCluster(Env.Id), NewCluster(stage.Id));
        await AfterAsync(db => db.AddRange(near, far), far.Id);

        await ExecuteAsync($"UPDATE deployments SET cluster_id = '{near.Id}'");
        Assert.Equal(["deployments Update demo"], await HeardAsync(deployment.Id));
        await ExecuteAsync($"UPDATE deployments SET cluster_id = '{far.Id}'");
        Assert.Equal(["deployments Update demo", "deployments Update other"], (await HeardAsync(deployment.Id)).Order());
    }

    [Theory]
    [InlineData("status = 'Running'", false)]
    [InlineData("cluster_id = cluster_id", false)]
    [InlineData("cluster_id = (SELECT max(id::text)::uuid FROM k8s_clusters WHERE id <> cluster_id)", true)]
    public async Task Whether_a_deployment_has_left_an_env_is_asked_only_where_it_moves(string change, bool isAsked)
    {
        await AddDeploymentAsync();
        var other = NewCluster(Env.Id);
        await AfterAsync(db => db.Add(other), other.Id);

        await using var update = Source.CreateCommand($"EXPLAIN (ANALYZE) UPDATE deployments SET {change}");
        await using var plan = await update.ExecuteReaderAsync(Cancel);
        var triggers = new List<string>();
        while (await plan.ReadAsync(Cancel))
        {
            triggers.Add(plan.GetString(0));
        }

        Assert.Contains(triggers, line => line.StartsWith("Trigger deployments_update", StringComparison.Ordinal));
        Assert.Equal(
            isAsked, triggers.Exists(line => line.StartsWith("Trigger deployments_moved", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_resource_is_told_where_its_deployment_is_also_of_a_type_that_all_envs_share()
    {
        var deployment = await AddDeploymentAsync();
        var type = new DeploymentResourceType { DeploymentKindId = Kind.Id, Key = "database", Spec = [] };
        Assert.Equal(["deployment_resource_types Insert none"], await AfterAsync(db => db.Add(type), type.Id));

        var resource = new DeploymentResource { TypeId = type.Id, DeploymentId = deployment.Id, Name = "orders" };
        Assert.Equal(["deployment_resources Insert demo"], await AfterAsync(db => db.Add(resource), resource.Id));
        Assert.Equal(["deployment_resources Delete demo"], await AfterAsync(db => db.Remove(resource), resource.Id));
    }

    private static Cluster NewCluster(Guid env) =>
        new() { EnvId = env, ProviderId = $"{Guid.NewGuid()}", Name = "two", RegionName = "local" };

    [Fact]
    public async Task Of_what_runs_a_few_rows_are_named_and_of_many_their_deployments()
    {
        var deployment = await AddDeploymentAsync();
        var pods = Enumerable.Range(1, 61).Select(n => new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = Cluster.Id,
            DeploymentId = deployment.Id,
            Kind = "Pod",
            ApiVersion = "v1",
            Name = $"pod-{n}",
        }).ToList();

        Assert.Equal(["k8s_resources Insert demo"], await AfterAsync(db => db.AddRange(pods), pods[60].Id));
        await ExecuteAsync("UPDATE k8s_resources SET name = name");

        Assert.Equal(["k8s_resources Update demo"], await HeardAsync(deployment.Id));
    }

    [Fact]
    public async Task A_table_without_a_trigger_is_told_of_by_hand_and_only_when_it_comes_true()
    {
        await using var db = await DbAsync();
        var ids = Enumerable.Range(0, 61).Select(_ => Guid.NewGuid()).ToList();
        await using (await db.Database.BeginTransactionAsync(Cancel))
        {
            await Changes.TellAsync(db, "sessions", ChangeOperation.Delete, [ids[0]], Cancel); // rolled back
        }

        Assert.Empty(await HeardAsync(ids[0]));
        await Changes.TellAsync(db, "sessions", ChangeOperation.Delete, [ids[0]], Cancel);
        Assert.Equal(["sessions Delete none"], await HeardAsync(ids[0]));
        await Changes.TellAsync(db, "api_tokens", ChangeOperation.Insert, ids, Cancel);
        Assert.Equal(["api_tokens Insert none"], await HeardAsync(null));
    }

    [Theory]
    [InlineData("""{"t":"x","e":null,"ids":null}""", ChangeOperation.Update)]
    [InlineData("""{"t":"x","o":"INSERT","e":null,"ids":null}""", ChangeOperation.Insert)]
    [InlineData("""{"t":"x","o":"DELETE","e":null,"ids":null}""", ChangeOperation.Delete)]
    [InlineData("""{"t":"x","o":"MERGE","e":null,"ids":null}""", ChangeOperation.Update)]
    public void A_notification_of_an_older_version_counts_as_an_update(string payload, ChangeOperation expected) =>
        Assert.Equal(expected, Changes.Parse(payload).Operation);

    private async Task<IReadOnlyList<string>> AfterAsync(Action<PlatzDb> change, Guid about)
    {
        await using (var db = await DbAsync())
        {
            change(db);
            await db.SaveChangesAsync(Cancel);
        }

        return await HeardAsync(about);
    }

    /// <summary>Notifications come in the order of commits: when the mark is heard, so is all that was before it.</summary>
    /// <param name="about">Null for those that name no rows.</param>
    private async Task<IReadOnlyList<string>> HeardAsync(Guid? about)
    {
        await ExecuteAsync("""SELECT pg_notify('platz', '{"t":"mark","e":null,"ids":null}')""");
        await _marks.WaitAsync(Cancel);
        var heard = _heard.ToList();
        _heard.Clear();
        return [.. heard.Where(c => about is null ? c.Rows is null : c.Rows?.Any(row => row.Id == about) is true)
            .Select(c => $"{c.Table} {c.Operation} {Where(c.EnvId, about)}")];
    }

    private string Where(Guid? envId, Guid? about) => envId switch
    {
        null => "none",
        _ when envId == about => "own",
        _ when envId == Env.Id => "demo",
        _ => "other",
    };

    private void Hear(Change? change)
    {
        if (change is null or { Table: "mark" })
        {
            _marks.Release();
            return;
        }

        _heard.Enqueue(change);
    }
}
