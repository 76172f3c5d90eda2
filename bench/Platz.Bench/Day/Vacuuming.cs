namespace Platz.Bench.Day;

/// <summary>
/// Autovacuum looks for work each second instead of each minute while this lives, for a day passes in minutes: it still
/// looks less often than in a real one.
/// </summary>
internal sealed class Vacuuming : IAsyncDisposable
{
    public static async Task<Vacuuming> OftenAsync(CancellationToken cancel)
    {
        await BenchDatabase.ServerAsync("ALTER SYSTEM SET autovacuum_naptime = '1s'", cancel);
        await BenchDatabase.ServerAsync("SELECT pg_reload_conf()", cancel);
        return new Vacuuming();
    }

    public async ValueTask DisposeAsync()
    {
        await BenchDatabase.ServerAsync("ALTER SYSTEM RESET autovacuum_naptime", CancellationToken.None);
        await BenchDatabase.ServerAsync("SELECT pg_reload_conf()", CancellationToken.None);
    }
}
