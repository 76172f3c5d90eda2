using Npgsql;

namespace Platz.Core.Data;

/// <summary>Tells a database that does not answer from a question it did not like.</summary>
public static class DatabaseTrouble
{
    /// <summary>Whether the same may go well in a moment: the server is away, starting, stopping or full.</summary>
    public static bool IsDown(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is NpgsqlException e)
            {
                return e is not PostgresException refusal || IsDown(refusal);
            }
        }

        return false;
    }

    private static bool IsDown(PostgresException refusal) => refusal.IsTransient || refusal.SqlState is
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.InvalidCatalogName;
}
