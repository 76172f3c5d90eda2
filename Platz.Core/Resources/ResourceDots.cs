using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Resources;

/// <summary>How one object stands, in a word.</summary>
public enum ResourceCondition
{
    Good,
    Starting,
    Ending,
    Bad,
}

/// <param name="State">The cluster's own word for it, where it has one.</param>
public sealed record ResourceDot(string Kind, string Name, ResourceCondition Condition, string? State);

/// <param name="Dots">The worst of them, should there be more than a line holds.</param>
/// <param name="Good">How many of all are as they should be.</param>
public sealed record DotLine(IReadOnlyList<ResourceDot> Dots, int Total, int Good)
{
    public const int Most = 16;

    public static DotLine Empty { get; } = new([], 0, 0);
}

/// <summary>
/// What runs of many deployments, a dot for each workload and each of its pods. Jobs and their pods come and go: they say
/// nothing of how a deployment stands.
/// </summary>
public sealed class ResourceDots(IDbContextFactory<PlatzDb> databases)
{
    public async Task<IReadOnlyDictionary<Guid, DotLine>> OfAsync(
        IReadOnlyCollection<Guid> deployments, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var ids = deployments.ToArray();
        var rows = await db.Database.SqlQuery<Row>($"""
            SELECT deployment_id, kind, name, state, condition, total, good
            FROM (
                SELECT r.deployment_id, r.kind, r.name, r.state, c.condition,
                    (count(*) OVER whole)::int AS total,
                    (count(*) FILTER (WHERE c.condition = 'Good') OVER whole)::int AS good,
                    row_number() OVER (PARTITION BY r.deployment_id ORDER BY
                        array_position(ARRAY['Bad', 'Ending', 'Starting', 'Good'], c.condition), r.kind, r.name) AS place
                FROM k8s_resources AS r
                CROSS JOIN LATERAL (SELECT CASE
                    WHEN r.state = 'Terminating' THEN 'Ending'
                    WHEN r.kind = 'Pod' THEN CASE r.status_color[1]
                        WHEN 'success' THEN 'Good' WHEN 'danger' THEN 'Bad' ELSE 'Starting' END
                    WHEN r.state IS NOT NULL THEN 'Bad'
                    WHEN r.ready >= r.desired THEN 'Good'
                    ELSE 'Starting' END AS condition) AS c
                WHERE r.deployment_id = ANY ({ids}) AND r.kind IN ('Deployment', 'StatefulSet', 'Pod')
                    AND NOT EXISTS (SELECT FROM k8s_resources AS job WHERE job.id = r.owner_id AND job.kind = 'Job')
                WINDOW whole AS (PARTITION BY r.deployment_id)) AS dots
            WHERE place <= {DotLine.Most}
            """).ToListAsync(cancel);
        return rows.GroupBy(row => row.DeploymentId).ToDictionary(same => same.Key, Line);
    }

    /// <summary>By kind and name, so that a dot stays where it is while its condition changes.</summary>
    private static DotLine Line(IEnumerable<Row> rows)
    {
        var all = rows.OrderBy(row => row.Kind == "Pod").ThenBy(row => row.Name, StringComparer.Ordinal).ToList();
        return new DotLine(
            [.. all.Select(row => new ResourceDot(
                row.Kind, row.Name, Enum.Parse<ResourceCondition>(row.Condition), row.State))],
            all[0].Total, all[0].Good);
    }

    private sealed record Row(
        Guid DeploymentId, string Kind, string Name, string? State, string Condition, int Total, int Good);
}
