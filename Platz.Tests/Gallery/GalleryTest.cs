using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platz.Tests.Support;

namespace Platz.Tests.Gallery;

/// <summary>The gallery's world in a database of its own, served by the real web process.</summary>
public abstract class GalleryTest(PostgresServer postgres) : WebTest(postgres)
{
    private protected GalleryWorld World { get; private set; } = null!;

    private protected GalleryPast Past { get; private set; } = null!;

    private protected IReadOnlyList<GalleryView> Views => GalleryViews.Of(World, Past, CutDatabaseAsync, RestoreAsync);

    /// <summary>Two views are of answers that are no page.</summary>
    private protected static bool IsAskedFor(string problem) =>
        problem.Contains("status of 404", StringComparison.Ordinal)
        || problem.Contains("status of 401", StringComparison.Ordinal);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var now = TimeProvider.System.GetUtcNow();
        await using var db = await DbAsync();
        World = new GalleryWorld(db, now);
        await World.MakeAsync(Cancel);
        GalleryThings.Add(db, World, Alice.Id);
        GalleryPeople.Add(db, World, Alice.Id, now);
        await db.SaveChangesAsync(Cancel);
        Past = new GalleryPast(db, World, now);
        await Past.TellAsync(Cancel);
        GalleryLog.Add(db, Past.Failed, 0);
        GalleryLog.Add(db, Past.Running, 240);
        await db.SaveChangesAsync(Cancel);
        await InsightTest.CountAllAsync(Services, Cancel);
        await db.Clusters.Where(c => c.Id == Cluster.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.LastSeenAt, now), Cancel);
        await db.Envs.Where(e => e.Id == Env.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.Name, "default"), Cancel);
    }

    /// <summary>The server meets no broken connection, as some time after the database has come back.</summary>
    private async Task RestoreAsync()
    {
        await RestoreDatabaseAsync();
        Server.Services.GetRequiredService<NpgsqlDataSource>().Clear();
    }
}
