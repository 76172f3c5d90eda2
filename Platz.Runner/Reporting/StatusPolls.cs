using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Runner.Reporting;

/// <summary>
/// Which deployments of a cluster report a status, and what was heard of each. Kept in memory: whoever takes over asks
/// everybody once, which is cheaper than a row written at every question.
/// </summary>
internal sealed class StatusPolls(IDbContextFactory<PlatzDb> databases, Guid clusterId)
{
    private const int BatchSize = 500;

    private Dictionary<Guid, StatusPoll> _polls = [];

    /// <summary>Those to be asked now; what is not installed any more reports nothing any more.</summary>
    public async Task<List<StatusPoll>> DueAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var installed = await db.Deployments
            .Where(d => d.ClusterId == clusterId && d.Enabled && d.DeletedAt == null && d.RevisionId != null)
            .Select(d => new Installed(d.Id, d.RevisionId!.Value, d.Name, d.Namespace))
            .ToListAsync(cancel);
        var known = installed.Where(Knows).ToDictionary(i => i.DeploymentId, i => _polls[i.DeploymentId]);
        foreach (var batch in installed.Where(i => !known.ContainsKey(i.DeploymentId)).Chunk(BatchSize))
        {
            await AddAsync(db, batch, known, cancel);
        }

        _polls = known;
        await db.Deployments
            .Where(d => d.ClusterId == clusterId && d.ReportedStatus != null
                && (!d.Enabled || d.DeletedAt != null || d.RevisionId == null))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ReportedStatus, (System.Text.Json.Nodes.JsonObject?)null), cancel);
        return [.. _polls.Values.Where(poll => poll.IsAsked && poll.DueAt <= now)];
    }

    private bool Knows(Installed one) => _polls.TryGetValue(one.DeploymentId, out var poll)
        && (poll.RevisionId, poll.Namespace) == (one.RevisionId, one.Namespace);

    private static async Task AddAsync(
        PlatzDb db, Installed[] batch, Dictionary<Guid, StatusPoll> polls, CancellationToken cancel)
    {
        var revisions = batch.Select(i => i.RevisionId).ToList();
        var operations = await db.Tasks.AsNoTracking().Where(t => revisions.Contains(t.Id))
            .Select(t => new { t.Id, t.Operation }).ToDictionaryAsync(t => t.Id, t => t.Operation.InstalledChartId, cancel);
        var ids = operations.Values.OfType<Guid>().Distinct().ToList();
        var charts = await db.Charts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        foreach (var one in batch)
        {
            var features = operations.GetValueOrDefault(one.RevisionId) is { } id && charts.TryGetValue(id, out var chart)
                ? ChartSchema.Of(chart).Features
                : ChartFeatures.Default;
            polls[one.DeploymentId] = new StatusPoll(
                one.DeploymentId, one.RevisionId, one.Name, one.Namespace, features);
        }

        await ClearAsync(db, [.. batch.Select(i => polls[i.DeploymentId]).Where(p => !p.IsAsked)], cancel);
    }

    /// <summary>An upgrade may have brought a chart that reports nothing.</summary>
    private static async Task ClearAsync(PlatzDb db, List<StatusPoll> silent, CancellationToken cancel)
    {
        var ids = silent.Select(p => p.DeploymentId).ToList();
        await db.Deployments.Where(d => ids.Contains(d.Id) && d.ReportedStatus != null)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ReportedStatus, (System.Text.Json.Nodes.JsonObject?)null), cancel);
    }

    private sealed record Installed(Guid DeploymentId, Guid RevisionId, string Name, string Namespace);
}
