using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>The tokens of users: everybody's own, and for site admins all. A token itself is told once, when it is made.</summary>
internal static class UserTokensApi
{
    private const string Tag = "User Tokens";

    public static void MapUserTokens(this IEndpointRouteBuilder api)
    {
        api.MapGet("/user-tokens", ListAsync)
            .Documents("allUserTokens", Tag, "Your own tokens; those of all for a site admin.")
            .Query(Field.Id("user_id"))
            .AnswersList<UserTokenResponse>();
        api.MapGet("/user-tokens/{id:guid}", GetAsync)
            .Documents("getUserToken", Tag, "One of them.")
            .Answers<UserTokenResponse>();
        api.MapPost("/user-tokens", CreateAsync)
            .Documents("createUserToken", Tag, "Makes a token, which is told this once; of somebody else needs a site admin.")
            .Body([Field.Id("user_id"), .. TokenBody.Fields])
            .Answers<CreatedTokenResponse>(StatusCodes.Status201Created);
        api.MapDelete("/user-tokens/{id:guid}", RevokeAsync)
            .Documents("deleteUserToken", Tag, "Refuses the token from now on.")
            .AnswersNothing();
    }

    /// <summary>Only site admins say whose they want, as in the existing product.</summary>
    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (owner, paging) = (query.Id("user_id"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        if (user.Actor is not Actor.User || (owner is not null && !await MayAllAsync(db, user, cancel)))
        {
            return ApiProblem.Of(new SettingResult.Forbidden(Permission.EditPeople), "token");
        }

        var rows = (await LiveAsync(db, user, cancel)).Where(t => owner == null || t.UserId == owner);
        return await paging.ReadAsync(
            rows.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id), UserTokenResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (await LiveAsync(db, user, cancel)).SingleOrDefaultAsync(t => t.Id == id, cancel) is { } token
            ? TypedResults.Ok(UserTokenResponse.From(token))
            : ApiProblem.NotFound("token");
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, ClaimsPrincipal user, TokenEditor editor, CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadOptionalAsync(http.Request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (wanted, problem) = TokenBody.Read(body, TokenOwner.User, body.Id("user_id") ?? user.Actor.Id);
        return wanted is null
            ? problem!
            : CreatedTokenResponse.Answer(
                http.Response, "user-tokens", await editor.CreateAsync(wanted, user.Actor, cancel), "user");
    }

    private static async Task<IResult> RevokeAsync(
        Guid id, ClaimsPrincipal user, TokenEditor editor, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!await (await LiveAsync(db, user, cancel)).AnyAsync(t => t.Id == id, cancel))
        {
            return ApiProblem.NotFound("token"); // also one of a bot
        }

        return await editor.RevokeAsync(id, user.Actor, cancel) is var result && result is SettingResult.Saved
            ? TypedResults.NoContent()
            : ApiProblem.Of(result, "token");
    }

    private static async Task<IQueryable<ApiToken>> LiveAsync(PlatzDb db, ClaimsPrincipal user, CancellationToken cancel)
    {
        var (all, self) = (await MayAllAsync(db, user, cancel), user.Actor.UserId);
        return db.ApiTokens.AsNoTracking()
            .Where(t => t.UserId != null && t.RevokedAt == null && (all || t.UserId == self));
    }

    private static async Task<bool> MayAllAsync(PlatzDb db, ClaimsPrincipal user, CancellationToken cancel) =>
        (await Access.OfAsync(db, user.Actor, envId: null, kindId: null, cancel)).Allows(Permission.EditPeople);
}

internal sealed record UserTokenResponse(Guid Id, DateTimeOffset CreatedAt, Guid UserId, TokenFacts Token)
{
    public static UserTokenResponse From(ApiToken token) =>
        new(token.Id, token.CreatedAt, token.UserId!.Value, TokenFacts.Of(token));
}
