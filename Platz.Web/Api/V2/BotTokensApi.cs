using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>The tokens of bots, all of them a site admin's. A token itself is told once, when it is made.</summary>
internal static class BotTokensApi
{
    private const string Tag = "Bot Tokens";

    public static void MapBotTokens(this IEndpointRouteBuilder api)
    {
        api.MapGet("/bot-tokens", ListAsync)
            .Documents("allBotTokens", Tag, "The tokens of bots. Needs a site admin.")
            .Query(Field.Id("bot_id"), Field.Id("created_by_user_id"))
            .AnswersList<BotTokenResponse>();
        api.MapGet("/bot-tokens/{id:guid}", GetAsync)
            .Documents("getBotToken", Tag, "One of them.")
            .Answers<BotTokenResponse>();
        api.MapPost("/bot-tokens", CreateAsync)
            .Documents("createBotToken", Tag, "Makes a token, which is told this once. Needs a site admin.")
            .Body([Field.Id("bot_id").Needed, .. TokenBody.Fields])
            .Answers<CreatedTokenResponse>(StatusCodes.Status201Created);
        api.MapDelete("/bot-tokens/{id:guid}", RevokeAsync)
            .Documents("deleteBotToken", Tag, "Refuses the token from now on. Needs a site admin.")
            .AnswersNothing();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (bot, creator, paging) = (query.Id("bot_id"), query.Id("created_by_user_id"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!await MayAsync(db, user, cancel))
        {
            return ApiProblem.Of(new SettingResult.Forbidden(Permission.EditPeople), "token");
        }

        var rows = Live(db).Where(t => (bot == null || t.BotId == bot) && (creator == null || t.CreatedByUserId == creator));
        return await paging.ReadAsync(
            rows.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id), BotTokenResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!await MayAsync(db, user, cancel))
        {
            return ApiProblem.Of(new SettingResult.Forbidden(Permission.EditPeople), "token");
        }

        return await Live(db).SingleOrDefaultAsync(t => t.Id == id, cancel) is { } token
            ? TypedResults.Ok(BotTokenResponse.From(token))
            : ApiProblem.NotFound("token");
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, ClaimsPrincipal user, TokenEditor editor, CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(http.Request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (wanted, problem) = TokenBody.Read(body, TokenOwner.Bot, body.RequiredId("bot_id"));
        return wanted is null
            ? problem!
            : CreatedTokenResponse.Answer(
                http.Response, "bot-tokens", await editor.CreateAsync(wanted, user.Actor, cancel), "bot");
    }

    private static async Task<IResult> RevokeAsync(
        Guid id, ClaimsPrincipal user, TokenEditor editor, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!await MayAsync(db, user, cancel))
        {
            return ApiProblem.Of(new SettingResult.Forbidden(Permission.EditPeople), "token"); // one's own of a user, too
        }

        if (!await Live(db).AnyAsync(t => t.Id == id, cancel))
        {
            return ApiProblem.NotFound("token"); // also one of a user
        }

        return await editor.RevokeAsync(id, user.Actor, cancel) is var result && result is SettingResult.Saved
            ? TypedResults.NoContent()
            : ApiProblem.Of(result, "token");
    }

    private static IQueryable<ApiToken> Live(PlatzDb db) =>
        db.ApiTokens.AsNoTracking().Where(t => t.BotId != null && t.RevokedAt == null);

    private static async Task<bool> MayAsync(PlatzDb db, ClaimsPrincipal user, CancellationToken cancel) =>
        (await Access.OfAsync(db, user.Actor, envId: null, kindId: null, cancel)).Allows(Permission.EditPeople);
}

internal sealed record BotTokenResponse(Guid Id, DateTimeOffset CreatedAt, Guid BotId, Guid CreatedByUserId, TokenFacts Token)
{
    public static BotTokenResponse From(ApiToken token) =>
        new(token.Id, token.CreatedAt, token.BotId!.Value, token.CreatedByUserId!.Value, TokenFacts.Of(token));
}

/// <summary>What the existing product does not know of tokens.</summary>
internal sealed record TokenFacts(
    string Name, string Shown, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, string? LastUsedIp)
{
    public required IReadOnlyList<string> Cidrs { get; init; }

    /// <summary>Null for all envs of its owner.</summary>
    public required IReadOnlyList<Guid>? EnvIds { get; init; }

    /// <summary>The most it may be used for; null for all that its owner may.</summary>
    public required string? Role { get; init; }

    public static TokenFacts Of(ApiToken token) =>
        new(token.Name, token.Shown, token.ExpiresAt, token.LastUsedAt, token.LastUsedIp?.ToString())
        {
            Cidrs = token.Cidrs,
            EnvIds = token.ScopeEnvIds,
            Role = token.ScopeRole?.ToString(),
        };
}
