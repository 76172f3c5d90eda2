using Npgsql;
using NpgsqlTypes;
using Platz.Core.Tasks;

namespace Platz.Tests.Support;

/// <param name="EndedAt">Null for one that has not.</param>
internal sealed record PastTask(Guid DeploymentId, Guid EnvId, Guid ClusterId, Guid UserId, DateTimeOffset? EndedAt)
{
    public DeploymentTaskStatus Status { get; init; } = DeploymentTaskStatus.Done;

    public string Kind { get; init; } = nameof(Upgrade);

    /// <summary>A second before it began, unless said otherwise.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public TimeSpan Ran { get; init; } = TimeSpan.FromSeconds(10);

    public bool Claimed { get; init; } = true;
}

/// <summary>Tasks straight in the table, without the guard: the queue writes no times of the past.</summary>
internal static class PastTasks
{
    private const string InsertSql = """
        INSERT INTO deployment_tasks (id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status,
            attempt, fence, created_at, execute_at, started_at, finished_at, acting_user_id, actor_name, kind_name,
            deployment_name, cluster_name, namespace)
        VALUES (@id, @deployment, @env, @cluster, @cluster, '{"Uninstall":{}}', @kind, @status, 1, 1, @created, @created,
            @started, @finished, @user, 'Alice', 'Web', 'shop', 'one', 'web-shop')
        """;

    public static async Task<Guid> AddAsync(NpgsqlDataSource database, PastTask task)
    {
        var id = Guid.CreateVersion7();
        var created = task.CreatedAt ?? task.EndedAt!.Value - task.Ran - TimeSpan.FromSeconds(1);
        await UnguardedAsync(
            database, InsertSql,
            new("id", id), new("deployment", task.DeploymentId), new("env", task.EnvId), new("cluster", task.ClusterId),
            new("user", task.UserId), new("kind", task.Kind), new("status", task.Status.ToString()),
            new("created", created), Time("finished", task.EndedAt),
            Time("started", task.Claimed ? task.EndedAt - task.Ran ?? created : null));
        return id;
    }

    public static Task EndAsync(NpgsqlDataSource database, Guid task, DateTimeOffset at) => UnguardedAsync(
        database,
        "UPDATE deployment_tasks SET status = 'Done', started_at = @at, finished_at = @at WHERE id = @id",
        new("id", task), new("at", at));

    private static NpgsqlParameter Time(string name, DateTimeOffset? time) =>
        new(name, NpgsqlDbType.TimestampTz) { Value = (object?)time ?? DBNull.Value };

    private static async Task UnguardedAsync(NpgsqlDataSource database, string sql, params NpgsqlParameter[] parameters)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var unguard = new NpgsqlCommand("SET LOCAL session_replication_role = replica", connection))
        {
            await unguard.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}
