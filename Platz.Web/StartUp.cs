using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Web;

/// <summary>What must hold before the first request: options valid, schema up to date, secrets readable.</summary>
internal sealed partial class StartUp(
    IStartupValidator options, Migrator migrator, TokenPepper pepper, TimeProvider clock, ILogger<StartUp> log)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>What PostgreSQL answers while it starts, stops, recovers or is besieged by others that start.</summary>
    private static readonly string[] s_startingUp =
    [
        PostgresErrorCodes.CannotConnectNow, PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown,
        PostgresErrorCodes.TooManyConnections,
    ];

    /// <param name="patience">How long to wait for a PostgreSQL that is not up yet.</param>
    public async Task PrepareAsync(TimeSpan patience, CancellationToken cancel)
    {
        options.Validate();
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await migrator.MigrateAsync(cancel);
                break;
            }
            catch (NpgsqlException e) when (IsNotUpYet(e) && clock.GetElapsedTime(began) < patience)
            {
                LogWaiting(StartUpTrouble.Explain(e)!);
                await Task.Delay(s_pause, clock, cancel);
            }
        }

        // Fails here and not at the first sign-in when the key file is not the one of this database.
        await pepper.GetAsync(cancel);
    }

    private static bool IsNotUpYet(NpgsqlException e) => e is PostgresException refusal
        ? s_startingUp.Contains(refusal.SqlState)
        : e.InnerException is SocketException or IOException or TimeoutException;

    [LoggerMessage(LogLevel.Warning, "Waiting: {Reason}")]
    private partial void LogWaiting(string reason);
}
