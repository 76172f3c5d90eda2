using Microsoft.AspNetCore.Authentication;
using Platz.Web.SignIn;

namespace Platz.Web.Api.OpenApi;

internal static class OpenApiRoute
{
    /// <summary>For whoever brings a token or is signed in: programs, and people beside the page that shows it.</summary>
    public static void MapOpenApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/openapi/v2.json", GetAsync).AllowAnonymous().AddEndpointFilter<EtagFilter>();

    private static async Task<IResult> GetAsync(HttpContext context, ApiDocument document) =>
        // Asked here, for a policy of both schemes would answer in the way of both.
        (await context.AuthenticateAsync(ApiTokenScheme.Name)).Succeeded
        || (await context.AuthenticateAsync(SessionCookie.Scheme)).Succeeded
            ? TypedResults.Ok(document.Document)
            : ApiProblem.For(StatusCodes.Status401Unauthorized);
}
