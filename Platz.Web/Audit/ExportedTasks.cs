using System.Runtime.CompilerServices;
using Platz.Core.Activity;
using Platz.Core.Audit;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Activity.Export;

namespace Platz.Web.Audit;

/// <summary>The tasks that belong to a part of the audit trail: those of the same env, actor and time.</summary>
internal sealed class ExportedTasks(ActivityReads activity, TaskSearch search)
{
    public async Task<Func<CancellationToken, IAsyncEnumerable<ExportedRow>>> OfAsync(
        Actor reader, AuditFilter filter, DateTimeOffset now, CancellationToken cancel)
    {
        var scope = await activity.ScopeAsync(reader, filter.EnvId, cancel);
        return stop => RowsAsync(new TaskSource(search, now), scope, scope.Within(FilterOf(filter)), stop);
    }

    private static TaskFilter FilterOf(AuditFilter filter) => new()
    {
        Actors = filter.ActorId is { } actor
            ? [.. Enum.GetValues<ActorKind>().Select(kind => new ActorRef(kind, actor))]
            : [],
        CreatedFrom = filter.From,
        CreatedTo = filter.To,
    };

    private static async IAsyncEnumerable<ExportedRow> RowsAsync(
        TaskSource source, ActivityScope scope, TaskFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var tasks in source.PartsAsync(filter, cancel))
        {
            foreach (var task in tasks)
            {
                yield return new("task", task.CreatedAt, TaskColumns.Of(task, scope));
            }
        }
    }
}
