using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;

namespace Platz.Web.Health;

/// <summary>For whoever watches the process; a status and nothing else, as anybody may ask.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", () => Results.Ok(new { status = "live" })).AllowAnonymous();
        routes.MapGet("/healthz/ready", ReadyAsync).AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await IsReadyAsync(databases, cancel)
            ? Results.Ok(new { status = "ready" })
            : Results.Json(new { status = "not ready" }, statusCode: StatusCodes.Status503ServiceUnavailable);

    private static async Task<bool> IsReadyAsync(IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(s_patience);
        try
        {
            await using var db = await databases.CreateDbContextAsync(patience.Token);
            return !(await db.Database.GetPendingMigrationsAsync(patience.Token)).Any();
        }
        catch (Exception e) when (e.GetBaseException() is NpgsqlException or IOException or TimeoutException
            or System.Net.Sockets.SocketException || patience.IsCancellationRequested)
        {
            return false;
        }
    }
}
