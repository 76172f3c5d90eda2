using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using NpgsqlTypes;
using Platz.Core.Deployments;
using Platz.Core.Insight;
using Platz.Core.Tasks;

namespace Platz.Tests.Support;

/// <summary>A history of tasks of one's own making, and the counting of it at a time of one's own choice.</summary>
public abstract class InsightTest(PostgresServer postgres) : DatabaseTest(postgres)
{
    protected FakeTimeProvider Clock { get; } = new(At("2026-03-10T12:00:00Z"));

    protected InsightRollup Rollup => new(Source, Clock);

    protected InsightReports Reports => new(Databases, Source);

    protected IDbContextFactory<Platz.Core.Data.PlatzDb> Databases => (IDbContextFactory<Platz.Core.Data.PlatzDb>)
        Services.GetService(typeof(IDbContextFactory<Platz.Core.Data.PlatzDb>))!;

    protected static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    protected async Task CountAsync(string? now = null)
    {
        if (now is not null)
        {
            Clock.AdjustTime(At(now));
        }

        while (await Rollup.StepAsync(Cancel))
        {
        }
    }

    protected async Task<InsightSummary> SummaryAsync(Guid scope, int days = 30, string zone = "UTC")
    {
        var period = new InsightPeriod(days, TimeZoneInfo.FindSystemTimeZoneById(zone), Clock.GetUtcNow());
        return (await Reports.OfAsync(scope, period, Cancel)).Summary;
    }

    /// <summary>Straight into the table: the queue writes no times of the past.</summary>
    protected async Task<Guid> AddTaskAsync(
        Deployment deployment, string? ended, DeploymentTaskStatus status = DeploymentTaskStatus.Done,
        string kind = nameof(Upgrade), string? created = null, double ran = 10, bool claimed = true,
        bool byDeployment = false, Guid? env = null)
    {
        var id = Guid.CreateVersion7();
        DateTimeOffset? finished = ended is null ? null : At(ended);
        var due = created is null ? finished!.Value.AddSeconds(-ran - 1) : At(created);
        await using var connection = await Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using var insert = new NpgsqlCommand(
            """
            SET LOCAL session_replication_role = replica;
            INSERT INTO deployment_tasks (id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind,
                status, attempt, fence, created_at, execute_at, started_at, finished_at, acting_user_id,
                acting_deployment_id, actor_name, kind_name, deployment_name, cluster_name, namespace)
            VALUES (@id, @deployment, @env, @cluster, @cluster, '{"Uninstall":{}}', @kind, @status, 1, 1, @created,
                @created, @started, @finished, @user, @acting, 'Alice', 'Web', 'shop', 'one', 'web-shop')
            """, connection);
        insert.Parameters.AddWithValue("id", id);
        insert.Parameters.AddWithValue("deployment", deployment.Id);
        insert.Parameters.AddWithValue("env", env ?? Env.Id);
        insert.Parameters.AddWithValue("cluster", Cluster.Id);
        insert.Parameters.AddWithValue("kind", kind);
        insert.Parameters.AddWithValue("status", status.ToString());
        insert.Parameters.AddWithValue("created", due);
        Add("started", NpgsqlDbType.TimestampTz, claimed ? finished?.AddSeconds(-ran) ?? due : null);
        Add("finished", NpgsqlDbType.TimestampTz, finished);
        Add("user", NpgsqlDbType.Uuid, byDeployment ? null : Alice.UserId);
        Add("acting", NpgsqlDbType.Uuid, byDeployment ? deployment.Id : null);
        await insert.ExecuteNonQueryAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        return id;

        void Add(string name, NpgsqlDbType type, object? value) =>
            insert.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
    }

    protected async Task EndAsync(Guid task, string ended)
    {
        await using var connection = await Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using var update = new NpgsqlCommand(
            """
            SET LOCAL session_replication_role = replica;
            UPDATE deployment_tasks SET status = 'Done', started_at = @ended, finished_at = @ended WHERE id = @id
            """, connection);
        update.Parameters.AddWithValue("id", task);
        update.Parameters.AddWithValue("ended", At(ended));
        await update.ExecuteNonQueryAsync(Cancel);
        await transaction.CommitAsync(Cancel);
    }
}
