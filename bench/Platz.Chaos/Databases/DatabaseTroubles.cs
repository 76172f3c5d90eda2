using Npgsql;

namespace Platz.Chaos.Databases;

/// <summary>What the campaign itself meets while it keeps the database from working.</summary>
internal static class DatabaseTroubles
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    public static bool IsTrouble(Exception e) => e is NpgsqlException or IOException or TimeoutException
        or InvalidOperationException { InnerException: NpgsqlException };

    /// <summary>For what may be said any number of times.</summary>
    public static async Task<T> AgainAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (IsTrouble(e) && e is not PostgresException { IsTransient: false, SqlState: not ['5', '7', ..] })
            {
                await Task.Delay(s_pause, cancel);
            }
        }
    }
}
