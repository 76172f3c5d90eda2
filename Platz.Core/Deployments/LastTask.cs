using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>What was last asked of a deployment, as a list of deployments tells it.</summary>
public sealed record LastTask(
    Guid Id, string OpKind, DeploymentTaskStatus Status, bool CancelRequested, DateTimeOffset CreatedAt)
{
    /// <summary>So many tasks are looked through for the one that left a deployment in Error.</summary>
    private const int MostLookedAt = 100;

    // LATERAL with a LIMIT reads one entry of the index for each deployment. What EF would write numbers all their tasks.
    internal static async Task<Dictionary<Guid, LastTask>> OfAsync(
        PlatzDb db, Guid[] deployments, CancellationToken cancel)
    {
        var rows = await db.Database.SqlQuery<Row>($"""
            SELECT of.id AS deployment_id, task.id, task.op_kind, task.status, task.created_at,
                task.cancel_requested_at IS NOT NULL AS cancel_requested
            FROM unnest({deployments}) AS of (id)
            CROSS JOIN LATERAL (
                SELECT * FROM deployment_tasks WHERE deployment_id = of.id ORDER BY created_at DESC, id DESC LIMIT 1) AS task
            """).ToListAsync(cancel);
        return rows.ToDictionary(row => row.DeploymentId, row => new LastTask(
            row.Id, row.OpKind, Enum.Parse<DeploymentTaskStatus>(row.Status), row.CancelRequested, row.CreatedAt));
    }

    /// <summary>For deployments in Error: the task that failed, or was canceled half-way.</summary>
    internal static async Task<Dictionary<Guid, Guid>> CausesAsync(
        PlatzDb db, Guid[] deployments, CancellationToken cancel)
    {
        if (deployments.Length == 0)
        {
            return [];
        }

        // Neither an action nor a restart changes the status of a deployment.
        var rows = await db.Database.SqlQuery<CauseRow>($"""
            SELECT of.id AS deployment_id, task.id
            FROM unnest({deployments}) AS of (id)
            CROSS JOIN LATERAL (
                SELECT latest.id FROM (
                    SELECT id, status, op_kind, created_at FROM deployment_tasks WHERE deployment_id = of.id
                    ORDER BY created_at DESC, id DESC LIMIT {MostLookedAt}) AS latest
                WHERE latest.status IN ('Failed', 'Canceled')
                    AND latest.op_kind NOT IN ({nameof(InvokeAction)}, {nameof(RestartK8sResource)})
                ORDER BY latest.created_at DESC, latest.id DESC LIMIT 1) AS task
            """).ToListAsync(cancel);
        return rows.ToDictionary(row => row.DeploymentId, row => row.Id);
    }

    private sealed record Row(
        Guid DeploymentId, Guid Id, string OpKind, string Status, DateTimeOffset CreatedAt, bool CancelRequested);

    private sealed record CauseRow(Guid DeploymentId, Guid Id);
}
