using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Catalog;

public sealed class SecretEditorTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private SecretEditor Secrets => Services.GetRequiredService<SecretEditor>();

    [Fact]
    public async Task Contents_are_sealed_at_rest_and_bound_to_their_row_and_version()
    {
        var id = await SecretAsync("open sesame");
        await SavedAsync(Secrets.UpdateAsync(id, null, "open barley", Alice, Cancel));
        await using var db = await DbAsync();
        var secret = await db.Secrets.SingleAsync(s => s.Id == id, Cancel);
        Assert.DoesNotContain("open", Encoding.Latin1.GetString(secret.Contents), StringComparison.Ordinal);
        var envelope = Services.GetRequiredService<Envelope>();
        Assert.Equal("open barley", envelope.OpenText(secret.Contents, secret.Context));
        secret.Version--;
        Assert.Throws<EnvelopeException>(() => envelope.OpenText(secret.Contents, secret.Context));
    }

    [Fact]
    public async Task A_change_reinstalls_the_enabled_deployments_that_use_it_and_says_why()
    {
        var id = await SecretAsync("one");
        var (user, off, other) = (await UserAsync("user", id), await UserAsync("off", id), await AddDeploymentAsync("other"));
        await ExecuteAsync($"UPDATE deployments SET enabled = false WHERE id = '{off.Id}'");

        Assert.Equal(1, (await SavedAsync(Secrets.UpdateAsync(id, null, "two", Alice, Cancel))).Reinstalled);
        await using var db = await DbAsync();
        var task = await db.Tasks.SingleAsync(Cancel);
        Assert.Equal((user.Id, "secret db/password changed"), (task.DeploymentId, task.Reason));
        Assert.DoesNotContain(await db.Tasks.ToListAsync(Cancel), t => t.DeploymentId == other.Id);
    }

    [Fact]
    public async Task The_same_contents_again_change_nothing()
    {
        var id = await SecretAsync("one");
        await UserAsync("user", id);
        Assert.Equal(0, (await SavedAsync(Secrets.UpdateAsync(id, "password", "one", Alice, Cancel))).Reinstalled);
        await using var db = await DbAsync();
        Assert.Empty(await db.Tasks.ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_secret_in_use_is_not_deleted()
    {
        var id = await SecretAsync("one");
        var user = await UserAsync("user", id);
        var refused = Assert.IsType<SecretResult.Conflict>(await Secrets.DeleteAsync(id, Alice, Cancel));
        Assert.Contains(user.Namespace, refused.Message, StringComparison.Ordinal);
        await ExecuteAsync("DELETE FROM deployment_dependencies");
        await SavedAsync(Secrets.DeleteAsync(id, Alice, Cancel));
    }

    [Fact]
    public async Task A_thousand_users_among_ten_thousand_follow_in_one_transaction()
    {
        var id = await SecretAsync("one");
        await ExecuteAsync($"""
            INSERT INTO deployments (id, created_at, name, kind_id, cluster_id, namespace, enabled, status, helm_chart_id, version)
            SELECT gen_random_uuid(), now(), 'd' || i, '{Kind.Id}', '{Cluster.Id}', 'web-d' || i, true, 'Running',
                '{Chart.Id}', 0 FROM generate_series(1, 10000) AS i;
            INSERT INTO deployment_dependencies (deployment_id, kind, target_id)
            SELECT id, 'Secret', '{id}' FROM deployments ORDER BY name LIMIT 1000
            """);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(1000, (await SavedAsync(Secrets.UpdateAsync(id, null, "two", Alice, Cancel))).Reinstalled);
        Xunit.TestContext.Current.TestOutputHelper?.WriteLine($"took {watch.ElapsedMilliseconds} ms");

        await using var db = await DbAsync();
        Assert.Equal(1000, await db.Tasks.CountAsync(Cancel));
        Assert.Equal(1000, await db.Set<QueuedTask>().CountAsync(q => q.State == QueueState.Ready, Cancel));
        await using var command = Source.CreateCommand("SELECT count(DISTINCT xmin::text) FROM deployment_tasks");
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancel));
    }

    private async Task<Guid> SecretAsync(string contents) => (await SavedAsync(
        Secrets.CreateAsync(new NewSecret(Env.Id, "db", "password", contents), Alice, Cancel))).Id;

    private async Task<Deployment> UserAsync(string name, Guid secretId)
    {
        var deployment = await AddDeploymentAsync(name);
        await using var db = await DbAsync();
        db.Add(new DeploymentDependency { DeploymentId = deployment.Id, Kind = DependencyKind.Secret, TargetId = secretId });
        await db.SaveChangesAsync(Cancel);
        return deployment;
    }

    private static async Task<SecretResult.Saved> SavedAsync(Task<SecretResult> command) =>
        Assert.IsType<SecretResult.Saved>(await command);
}
