using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;

namespace Platz.Core.Activity;

/// <summary>Views that users keep for themselves; nobody reads or changes another's.</summary>
public sealed class SavedViews(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>Of one user, in one env.</summary>
    public const int Most = 50;

    /// <param name="envId">Null for the page of all envs.</param>
    public async Task<List<SavedView>> OfAsync(Guid userId, Guid? envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.SavedViews.AsNoTracking().Where(v => v.UserId == userId && v.EnvId == envId)
            .OrderBy(v => v.Name).ToListAsync(cancel);
    }

    public async Task<SaveViewOutcome> SaveAsync(
        Guid userId, Guid? envId, string name, string query, CancellationToken cancel)
    {
        if (Trouble(name = name.Trim()) is { } trouble)
        {
            return trouble;
        }

        if (query.Length > SavedView.LongestQuery)
        {
            return SaveViewOutcome.TooLong;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.SavedViews.CountAsync(v => v.UserId == userId && v.EnvId == envId, cancel) >= Most)
        {
            return SaveViewOutcome.TooMany;
        }

        db.Add(new SavedView { UserId = userId, EnvId = envId, Name = name, Query = query });
        return await OnceAsync(() => db.SaveChangesAsync(cancel));
    }

    public async Task<SaveViewOutcome> RenameAsync(Guid userId, Guid viewId, string name, CancellationToken cancel)
    {
        if (Trouble(name = name.Trim()) is { } trouble)
        {
            return trouble;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        return await OnceAsync(() => db.SavedViews.Where(v => v.Id == viewId && v.UserId == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(v => v.Name, name), cancel));
    }

    public async Task DeleteAsync(Guid userId, Guid viewId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.SavedViews.Where(v => v.Id == viewId && v.UserId == userId).ExecuteDeleteAsync(cancel);
    }

    private static SaveViewOutcome? Trouble(string name) => name.Length switch
    {
        0 => SaveViewOutcome.NoName,
        > SavedView.LongestName => SaveViewOutcome.TooLong,
        _ => name.Contains('\0') ? SaveViewOutcome.NoName : null,
    };

    /// <summary>The database decides about names: two tabs may save the same one at the same time.</summary>
    private static async Task<SaveViewOutcome> OnceAsync(Func<Task<int>> write)
    {
        try
        {
            return await write() == 0 ? SaveViewOutcome.Gone : SaveViewOutcome.Saved;
        }
        catch (Exception e) when ((e as PostgresException ?? e.InnerException as PostgresException) is
        {
            ConstraintName: SavedViewMapping.OneOfAName,
        })
        {
            return SaveViewOutcome.NameTaken;
        }
    }
}

public enum SaveViewOutcome
{
    Saved,
    NameTaken,
    NoName,
    TooLong,
    TooMany,

    /// <summary>It was deleted meanwhile.</summary>
    Gone,
}
