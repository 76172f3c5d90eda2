using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Jump;

/// <summary>
/// Finds where somebody may want to go by a few typed characters: some twenty rows at most, best first, of what they
/// may see.
/// </summary>
public sealed class JumpSearch(IDbContextFactory<PlatzDb> databases)
{
    public const int MostDeployments = 10;
    public const int MostTasks = 6;

    // The names are put together once a row: ten thousand deployments are looked through for every key.
    private const string DeploymentsSql = """
        SELECT d.id, d.name, d.namespace, k.name AS kind, e.name AS env, c.name AS cluster
        FROM deployments d
        JOIN deployment_kinds k ON k.id = d.kind_id
        JOIN k8s_clusters c ON c.id = d.cluster_id
        JOIN envs e ON e.id = c.env_id
        WHERE d.deleted_at IS NULL AND (@envs IS NULL OR e.id = ANY (@envs))
          AND lower(concat_ws(' ', d.name, d.namespace, k.name, e.name)) LIKE ALL (@parts)
        ORDER BY CASE WHEN d.name = ANY (@words) OR d.namespace = ANY (@words) THEN 0
                      WHEN d.name LIKE ANY (@starts) THEN 1
                      WHEN d.namespace LIKE ANY (@starts) THEN 2
                      WHEN d.name LIKE ANY (@inner) THEN 3
                      WHEN d.name LIKE ANY (@parts) THEN 4
                      ELSE 5 END,
                 length(d.name), d.name, e.name, d.id
        LIMIT @most
        """;

    private const string TaskColumns = """
        t.id, t.op_kind, t.status, t.created_at, t.deployment_name, t.namespace, e.name AS env
        """;

    private const string TasksByIdSql = $"""
        SELECT {TaskColumns} FROM deployment_tasks t JOIN envs e ON e.id = t.env_id
        WHERE t.id BETWEEN @first AND @last AND (@envs IS NULL OR t.env_id = ANY (@envs))
        ORDER BY t.id DESC LIMIT @most
        """;

    // Of each deployment its last two hundred tasks, so that a long history without failures costs no more.
    private const string FailedTasksSql = $"""
        SELECT {TaskColumns}
        FROM unnest(@deployments) AS d (id) CROSS JOIN LATERAL (
            SELECT * FROM deployment_tasks r WHERE r.deployment_id = d.id
            ORDER BY r.created_at DESC, r.id DESC LIMIT 200) t JOIN envs e ON e.id = t.env_id
        WHERE t.status = 'Failed' AND (@envs IS NULL OR t.env_id = ANY (@envs))
        ORDER BY t.created_at DESC, t.id DESC LIMIT @most
        """;

    public async Task<JumpResults> FindAsync(Actor actor, string text, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, actor, cancel);
        var visible = grants.Visible;
        if (visible is { Count: 0 })
        {
            return JumpResults.None;
        }

        var words = JumpWords.Of(text);
        var places = await JumpPlaces.ReadAsync(db, grants, isTyped: words.All.Count > 0, cancel);
        if (words.All.Count == 0)
        {
            return new JumpResults([], [], places);
        }

        var deployments = await DeploymentsAsync(db, words, visible, cancel);
        return new JumpResults(deployments, await TasksAsync(db, words, deployments, visible, cancel), places);
    }

    private static Task<List<JumpDeployment>> DeploymentsAsync(
        PlatzDb db, JumpWords words, IReadOnlyList<Guid>? visible, CancellationToken cancel) =>
        db.Database.SqlQueryRaw<JumpDeployment>(DeploymentsSql,
            Envs(visible),
            new NpgsqlParameter("words", words.Subject.ToArray()),
            new NpgsqlParameter("starts", words.Patterns("", "%")),
            new NpgsqlParameter("inner", words.Patterns("%-", "%")),
            new NpgsqlParameter("parts", words.Patterns("%", "%")),
            new NpgsqlParameter("most", MostDeployments)).ToListAsync(cancel);

    private static async Task<List<JumpTask>> TasksAsync(
        PlatzDb db, JumpWords words, List<JumpDeployment> deployments, IReadOnlyList<Guid>? visible,
        CancellationToken cancel)
    {
        if (words.TaskIds is var (first, last))
        {
            return await db.Database.SqlQueryRaw<JumpTask>(TasksByIdSql, Envs(visible),
                new NpgsqlParameter("first", first), new NpgsqlParameter("last", last),
                new NpgsqlParameter("most", MostTasks)).ToListAsync(cancel);
        }

        return words.WantsFailed && deployments.Count > 0
            ? await db.Database.SqlQueryRaw<JumpTask>(FailedTasksSql, Envs(visible),
                new NpgsqlParameter("deployments", deployments.Select(d => d.Id).ToArray()),
                new NpgsqlParameter("most", MostTasks)).ToListAsync(cancel)
            : [];
    }

    private static NpgsqlParameter Envs(IReadOnlyList<Guid>? visible) =>
        new("envs", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = visible?.ToArray() ?? (object)DBNull.Value };
}

public sealed record JumpResults(
    IReadOnlyList<JumpDeployment> Deployments, IReadOnlyList<JumpTask> Tasks, JumpPlaces Places)
{
    public static JumpResults None { get; } = new([], [], JumpPlaces.None);
}

public sealed record JumpDeployment(
    Guid Id, string Name, string Namespace, string Kind, string Env, string Cluster);

/// <param name="Status">The name of a <see cref="Tasks.DeploymentTaskStatus"/>.</param>
public sealed record JumpTask(
    Guid Id, string OpKind, string Status, DateTimeOffset CreatedAt, string DeploymentName, string Namespace, string Env);
