using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Core.Values;
using Platz.Runner.Clusters;
using Platz.Runner.Http;
using Platz.Runner.Maintenance;
using Platz.Runner.Operations;
using Quartz;

namespace Platz.Runner.Reporting;

/// <summary>Asks charts for the status they report of themselves, and writes down what they say when it is news.</summary>
[DisallowConcurrentExecution]
internal sealed class StatusPollJob(
    ClusterConnections clusters, IDbContextFactory<PlatzDb> databases, DeploymentTokens tokens,
    DeploymentSecrets secrets, Exclusive exclusive, StatusMemory memory, TimeProvider clock) : IJob
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_tokenLifetime = TimeSpan.FromSeconds(60);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var served = await clusters.ServedAsync(cancellationToken);
        await Task.WhenAll(served.Select(id => // side by side: a cluster whose charts hang holds up no other
            exclusive.RunAsync($"status/{id}", cancel => PollAsync(id, cancel), cancellationToken)));
    }

    private async Task PollAsync(Guid clusterId, CancellationToken cancel)
    {
        var due = await memory.Of(clusterId).DueAsync(clock.GetUtcNow(), cancel);
        if (due.Count == 0)
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var cluster = await db.Clusters.AsNoTracking().SingleAsync(c => c.Id == clusterId, cancel);
        await Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancel },
            async (poll, stop) => await PollAsync(cluster, poll, stop));
    }

    private async Task PollAsync(Cluster cluster, StatusPoll poll, CancellationToken cancel)
    {
        var answer = await AskAsync(cluster, poll, cancel);
        var now = clock.GetUtcNow();
        if (!poll.Take(answer, now))
        {
            return;
        }

        try
        {
            await WriteAsync(poll, answer, now, cancel);
        }
        catch (Exception e) when (e is PostgresException { SqlState: ['2', '2', ..] } or InvalidOperationException)
        {
            // Half a surrogate pair, a number of a million digits: JSON that the database does not take.
            await WriteAsync(poll, StatusAnswer.Failed("Its answer holds what cannot be stored."), now, cancel);
        }
    }

    private async Task<StatusAnswer> AskAsync(Cluster cluster, StatusPoll poll, CancellationToken cancel)
    {
        if (!poll.Features.Ingress
            || IngressHost.Of(poll.Features.HostnameFormat, poll.Namespace, poll.DeploymentName, cluster) is not { } host)
        {
            return StatusAnswer.Failed("It has no ingress to be asked at.");
        }

        var (url, error) = ActionUrl.Build(host, poll.Features.Status!.Path);
        if (url is null)
        {
            return StatusAnswer.Failed($"It cannot be asked: {error}.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_patience);
        try
        {
            var token = await tokens.CreateAsync(poll.DeploymentId, s_tokenLifetime, cancel);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await IngressClient.SendAsync(IngressTarget.Of(cluster, host), request, clock, limit.Token);
            var known = await secrets.OfAsync(poll.DeploymentId, operation: null, limit.Token);
            return StatusAnswer.Of(answer, new Redactor([.. known, token]));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return StatusAnswer.Failed($"It did not answer within {s_patience.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is IngressException or InvalidOperationException)
        {
            return StatusAnswer.Failed($"{e.Message}.");
        }
    }

    /// <summary>Only while the same revision is installed: an answer of the one before is no news of this one.</summary>
    private async Task WriteAsync(StatusPoll poll, StatusAnswer answer, DateTimeOffset at, CancellationToken cancel)
    {
        var document = answer.ToJson(at);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Deployments
            .Where(d => d.Id == poll.DeploymentId && d.RevisionId == poll.RevisionId && d.Enabled && d.DeletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ReportedStatus, document), cancel);
    }
}

/// <summary>What this runner has heard so far, by cluster.</summary>
internal sealed class StatusMemory(IDbContextFactory<PlatzDb> databases)
{
    private readonly ConcurrentDictionary<Guid, StatusPolls> _clusters = new();

    public StatusPolls Of(Guid clusterId) => _clusters.GetOrAdd(clusterId, id => new StatusPolls(databases, id));
}
