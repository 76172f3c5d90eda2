using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class BotsApi
{
    private const string Tag = "Bots";

    public static void MapBots(this IEndpointRouteBuilder api)
    {
        api.MapGet("/bots", ListAsync)
            .Documents("allBots", Tag, "The bots that you share an env with; all of them for a site admin.")
            .Query(Field.Text("display_name", "A part of it, in whatever case."))
            .AnswersList<BotResponse>();
        api.MapGet("/bots/{id:guid}", GetAsync)
            .Documents("getBot", Tag, "One of them.")
            .Answers<BotResponse>();
        api.MapPost("/bots", CreateAsync)
            .Documents("createBot", Tag, "Makes a bot. Needs a site admin.")
            .Body(Field.Text("display_name").Needed)
            .Answers<BotResponse>(StatusCodes.Status201Created)
            .IsOurs();
        api.MapPut("/bots/{id:guid}", UpdateAsync)
            .Documents("updateBot", Tag, "Renames a bot. Needs a site admin.")
            .Body(Field.Text("display_name"))
            .Answers<BotResponse>();
        api.MapDelete("/bots/{id:guid}", DeleteAsync)
            .Documents("deleteBot", Tag, "Deletes a bot with its tokens; what it did stays. Needs a site admin.")
            .AnswersNothing()
            .IsOurs();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (name, paging) = (query.Text("display_name"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = (await PeopleSeen.BotsAsync(db, user.Actor, cancel)).AsNoTracking();
        rows = name is null
            ? rows
            : rows.Where(b => EF.Functions.ILike(b.DisplayName, SqlPattern.Containing(name), SqlPattern.Escape));
        return await paging.ReadAsync(
            rows.OrderByDescending(b => b.CreatedAt).ThenByDescending(b => b.Id), BotResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await FindAsync(id, user, databases, cancel) is { } bot
            ? TypedResults.Ok(BotResponse.From(bot))
            : ApiProblem.NotFound("bot");

    private static async Task<IResult> CreateAsync(
        HttpRequest request, ClaimsPrincipal user, BotEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var name = body.Text("display_name", BotEditor.LongestName) ?? "";
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.CreateAsync(name, user.Actor, cancel);
        return result is SettingResult.Saved(var id) && await FindAsync(id, user, databases, cancel) is { } bot
            ? TypedResults.Created($"/api/v2/bots/{id}", BotResponse.From(bot))
            : ApiProblem.Of(result, "bot");
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, BotEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var name = body.Text("display_name", BotEditor.LongestName);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        // No name asks for no change, but for the right to make one all the same.
        name ??= (await FindAsync(id, user, databases, cancel))?.DisplayName ?? "?";
        var result = await editor.RenameAsync(id, name, user.Actor, cancel);
        return result is SettingResult.Saved ? await GetAsync(id, user, databases, cancel) : ApiProblem.Of(result, "bot");
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, ClaimsPrincipal user, BotEditor editor, CancellationToken cancel) =>
        await editor.DeleteAsync(id, user.Actor, cancel) is var result && result is SettingResult.Saved
            ? TypedResults.NoContent()
            : ApiProblem.Of(result, "bot");

    private static async Task<Bot?> FindAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var seen = await PeopleSeen.BotsAsync(db, user.Actor, cancel);
        return await seen.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id, cancel);
    }
}
