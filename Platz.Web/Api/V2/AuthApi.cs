using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class AuthApi
{
    private const string Tag = "Authentication";

    public static void MapAuth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/auth/me", MeAsync).RequireAuthorization(ApiRoutes.AnyToken)
            .Documents("authMe", Tag, "Who the token belongs to.").Answers<MeAnswer>();
        api.MapGet("/auth/google", NoGoogle).AllowAnonymous()
            .Documents("startGoogleLogin", Tag, "Not here: people sign in in the browser.").AnswersProblem();
        api.MapPost("/auth/google/callback", NoGoogle).AllowAnonymous()
            .Documents("finishGoogleLogin", Tag, "Not here: people sign in in the browser.").AnswersProblem();
    }

    /// <summary>One key that names the kind of identity, as with operations.</summary>
    private static async Task<IResult> MeAsync(
        ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return user.Actor switch
        {
            Actor.User(var id, _) => TypedResults.Ok(new Dictionary<string, UserResponse>
            {
                ["User"] = UserResponse.From(await db.Users.AsNoTracking().SingleAsync(u => u.Id == id, cancel)),
            }),
            Actor.Deployment(var id, _) => TypedResults.Ok(new Dictionary<string, DeploymentIdentityResponse>
            {
                ["Deployment"] = await db.Deployments.Where(d => d.Id == id)
                    .Select(d => new DeploymentIdentityResponse(d.Id, d.Name)).SingleAsync(cancel),
            }),
            var bot => TypedResults.Ok(new Dictionary<string, BotResponse>
            {
                ["Bot"] = BotResponse.From(await db.Bots.AsNoTracking().SingleAsync(b => b.Id == bot.Id, cancel)),
            }),
        };
    }

    private static ApiProblem NoGoogle() => new(
        StatusCodes.Status501NotImplemented,
        "People sign in to this server in the browser; programs bring an API token.");
}

internal sealed record UserResponse(
    Guid Id, DateTimeOffset CreatedAt, string DisplayName, string Email, bool IsAdmin, bool IsActive)
{
    public static UserResponse From(User user) =>
        new(user.Id, user.CreatedAt, user.DisplayName, user.Email, user.IsAdmin, user.IsActive);
}

internal sealed record DeploymentIdentityResponse(Guid Id, string Name);

internal sealed record BotResponse(Guid Id, DateTimeOffset CreatedAt, string DisplayName)
{
    public static BotResponse From(Bot bot) => new(bot.Id, bot.CreatedAt, bot.DisplayName);
}
