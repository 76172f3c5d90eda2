using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Tasks;

/// <summary>Lists of tasks for programs: exact totals (contract 4), and all that match, part by part.</summary>
public sealed class TaskSearch(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    public async Task<(IReadOnlyList<DeploymentTask> Items, int Total)> FindAsync(
        TaskFilter filter, int skip, int take, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await new TaskPaths(db).ChooseAsync(filter, clock.GetUtcNow(), null, null, cancel) is not { } walk)
        {
            return ([], 0);
        }

        var total = await db.Database.SqlQueryRaw<int>(walk.CountAll(), walk.Values.Parameters()).SingleAsync(cancel);
        var page = walk.PageOfAll(skip, take);
        var ids = await db.Database.SqlQueryRaw<Guid>(page, walk.Values.Parameters()).ToListAsync(cancel);
        return (await NewestFirstAsync(db, ids, cancel), total);
    }

    /// <summary>
    /// The next of all that match, however rare; where it takes long to find them, a part of them, or none, and a place
    /// to go on from.
    /// </summary>
    /// <param name="behind">Null for the newest.</param>
    public async Task<TaskSlice> SliceAsync(TaskFilter filter, TaskCursor? behind, int take, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await new TaskPaths(db).ChooseAsync(filter, clock.GetUtcNow(), behind, null, cancel) is not { } walk)
        {
            return new TaskSlice([], null);
        }

        var found = await db.Database
            .SqlQueryRaw<FoundEntry>(walk.Slice(take), walk.Values.Parameters()).ToListAsync(cancel);
        var items = await NewestFirstAsync(db, [.. found.Where(entry => entry.Matches).Select(entry => entry.Id)], cancel);
        var goesOn = found is [.., var last] && (found.Count == take || last.IsLast);
        return new TaskSlice(items, goesOn ? new TaskCursor(found[^1].CreatedAt, found[^1].Id) : null);
    }

    internal static Task<List<DeploymentTask>> NewestFirstAsync(
        PlatzDb db, IReadOnlyCollection<Guid> ids, CancellationToken cancel) => db.Tasks.AsNoTracking()
        .Where(t => ids.Contains(t.Id)).OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id)
        .ToListAsync(cancel);
}

internal sealed record FoundEntry(Guid Id, DateTimeOffset CreatedAt, bool Matches, bool IsLast);

/// <param name="Next">Null when there are no more.</param>
public sealed record TaskSlice(IReadOnlyList<DeploymentTask> Items, TaskCursor? Next);
