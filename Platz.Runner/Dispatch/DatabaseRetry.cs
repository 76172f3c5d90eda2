using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Platz.Runner.Dispatch;

/// <summary>
/// Says a statement again while the database is away (restart, failover, deadlock). Only for statements that are
/// idempotent under (id, fence, expected status), as all of the queue's are (faults.md 2).
/// </summary>
internal static class DatabaseRetry
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    public static async Task<T> RunAsync<T>(Func<Task<T>> statement, CancellationToken cancel)
    {
        var wait = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            try
            {
                return await statement();
            }
            catch (Exception e) when (IsTransient(e) && !cancel.IsCancellationRequested)
            {
                await Task.Delay(wait * (0.5 + Random.Shared.NextDouble()), cancel);
                wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, s_longest.Ticks));
            }
        }
    }

    /// <summary>Whether the same may go well a moment later.</summary>
    public static bool IsTransient(Exception e) => e switch
    {
        PostgresException
        {
            SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.FeatureNotSupported
        } => true,
        NpgsqlException { IsTransient: true } => true,
        PostgresException => false,
        NpgsqlException or TimeoutException or IOException => true,

        // EF Core wraps what it takes for transient, and what a save met.
        InvalidOperationException { InnerException: { } inner } => IsTransient(inner),
        DbUpdateException { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };
}
