using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.SignalR;
using Platz.Core.Audit;
using Platz.Web.SignIn;

namespace Platz.Web.Audit;

/// <summary>
/// A request that was refused is one attempt, whether a command has refused it or we without asking one. What is done in
/// a page comes by no request of its own: its command tells of it.
/// </summary>
internal static class DeniedRequests
{
    /// <summary>Behind what says who somebody is, and before what answers.</summary>
    public static void UseDeniedAttempts(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.User.Identity is not { IsAuthenticated: true }
            || context.GetEndpoint() is not RouteEndpoint { RoutePattern: var route } endpoint)
        {
            await next(context);
            return;
        }

        var attempts = context.RequestServices.GetRequiredService<DeniedAttempts>();
        var request = endpoint.Metadata.GetMetadata<HubMetadata>() is null ? attempts.Begin() : null;
        try
        {
            await next(context);
        }
        finally
        {
            request?.End();
        }

        if (context.Response.StatusCode == StatusCodes.Status403Forbidden || request?.Denial is not null)
        {
            await attempts.NoteAsync(DenialOf(context, route) with
            {
                EnvId = request?.Denial?.EnvId,
                Needs = request?.Denial?.Needs,
            }, CancellationToken.None);
        }
    });

    private static Denial DenialOf(HttpContext context, RoutePattern route) => Denial.OfRequest(
        context.User.Actor, $"{context.Request.Method} {Plain(route)}",
        Guid.TryParse($"{context.GetRouteValue("id")}", out var id) ? id : null);

    private static string Plain(RoutePattern route) =>
        route.RawText!.Replace(":guid", "", StringComparison.Ordinal);
}
