using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.SignIn;

namespace Platz.Web.Audit;

/// <summary>
/// Tells the audit trail of what was refused to whom: the same to the same within ten minutes once, and so much within
/// that time at most, so that nobody can flood it.
/// </summary>
internal sealed class DeniedAttempts(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    private const int MostInAWindow = 500;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(10);

    private readonly HashSet<(Guid Actor, string What)> _told = [];
    private DateTimeOffset _since;

    /// <param name="what">Without what differs each time.</param>
    public async Task NoteAsync(Actor actor, string what, Guid? subject, CancellationToken cancel)
    {
        if (!IsNews(actor.Id, what))
        {
            return;
        }

        await AuditLog.AddAsync(
            databases, new AuditEntry(AuditAction.Denied, AuditActor.Of(actor), new("request", subject, what))
            {
                Outcome = AuditOutcome.Denied,
                Detail = new() { ["what"] = what },
            }, cancel);
    }

    private bool IsNews(Guid actor, string what)
    {
        lock (_told)
        {
            var now = clock.GetUtcNow();
            if (now >= _since + s_window)
            {
                _since = now;
                _told.Clear();
            }

            return _told.Count < MostInAWindow && _told.Add((actor, what));
        }
    }
}

internal static class DeniedAttemptsInUse
{
    /// <summary>Behind what says who somebody is, and before what answers.</summary>
    public static void UseDeniedAttempts(this WebApplication app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Response.StatusCode != StatusCodes.Status403Forbidden
            || context.User.Identity is not { IsAuthenticated: true }
            || (context.GetEndpoint() as RouteEndpoint)?.RoutePattern is not { } route)
        {
            return;
        }

        try
        {
            await context.RequestServices.GetRequiredService<DeniedAttempts>().NoteAsync(
                context.User.Actor, $"{context.Request.Method} {Plain(route)}",
                Guid.TryParse($"{context.GetRouteValue("id")}", out var id) ? id : null, CancellationToken.None);
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            // It was answered already.
        }
    });

    private static string Plain(RoutePattern route) =>
        route.RawText!.Replace(":guid", "", StringComparison.Ordinal);
}
