using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class UsersApi
{
    private const string Tag = "Users";

    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        api.MapGet("/users", ListAsync)
            .Documents("allUsers", Tag, "The people that you share an env with; all of them for a site admin.")
            .Query(
                Field.Text("display_name", "A part of it, in whatever case."),
                Field.Text("email", "A part of it, in whatever case."), Field.Flag("is_active"))
            .AnswersList<UserResponse>();
        api.MapGet("/users/{id:guid}", GetAsync)
            .Documents("getUser", Tag, "One of them.")
            .Answers<UserResponse>();
        api.MapPut("/users/{id:guid}", UpdateAsync)
            .Documents("updateUser", Tag, "Makes somebody else a site admin or lets them in no longer. Needs a site admin.")
            .Body(Field.Flag("is_admin"), Field.Flag("is_active"))
            .Answers<UserResponse>();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (name, email, isActive) = (query.Text("display_name"), query.Text("email"), query.Flag("is_active"));
        var paging = query.Paging();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = (await PeopleSeen.UsersAsync(db, user.Actor, cancel)).AsNoTracking();
        rows = name is null
            ? rows
            : rows.Where(u => EF.Functions.ILike(u.DisplayName, SqlPattern.Containing(name), SqlPattern.Escape));
        rows = email is null
            ? rows
            : rows.Where(u => EF.Functions.ILike(u.Email, SqlPattern.Containing(email), SqlPattern.Escape));
        rows = isActive is null ? rows : rows.Where(u => u.IsActive == isActive);
        return await paging.ReadAsync(
            rows.OrderByDescending(u => u.CreatedAt).ThenByDescending(u => u.Id), UserResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var seen = await PeopleSeen.UsersAsync(db, user.Actor, cancel);
        return await seen.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, cancel) is { } found
            ? TypedResults.Ok(UserResponse.From(found))
            : ApiProblem.NotFound("user");
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, UserEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (isAdmin, isActive) = (body.Flag("is_admin"), body.Flag("is_active"));
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.UpdateAsync(id, isAdmin, isActive, user.Actor, cancel);
        return result is SettingResult.Saved ? await GetAsync(id, user, databases, cancel) : ApiProblem.Of(result, "user");
    }
}
