using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>
/// Who is in an env. Clients of the existing product know users only, so bots have a collection of their own, with
/// <c>bot_id</c> where the other has <c>user_id</c>.
/// </summary>
internal static class EnvPermissionsApi
{
    public static void MapEnvPermissions(this IEndpointRouteBuilder api)
    {
        Map(api, "/env-user-permissions", RoleCollection.Users);
        Map(api, "/env-bot-permissions", RoleCollection.Bots);
    }

    private static void Map(IEndpointRouteBuilder api, string path, RoleCollection of)
    {
        var (isOurs, tag, name, role) = of == RoleCollection.Users
            ? (false, "Env User Permissions", "EnvUserPermission", typeof(EnvUserPermissionResponse))
            : (true, "Env Bot Permissions", "EnvBotPermission", typeof(EnvBotPermissionResponse));
        api.MapGet(path, (HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases,
            CancellationToken cancel) => ListAsync(of, request, user, databases, cancel))
            .Documents($"all{name}s", tag, "Who is in an env, where you see it.")
            .Query(Field.Id("env_id")).AnswersList(role).IsOurs(isOurs);
        api.MapGet($"{path}/{{id:guid}}", (Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases,
            CancellationToken cancel) => GetAsync(of, id, user, databases, cancel))
            .Documents($"get{name}", tag, "One role.").Answers(role).IsOurs(isOurs);
        api.MapPost(path, (HttpRequest request, ClaimsPrincipal user, MemberEditor editor,
            IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
            CreateAsync(of, path, request, user, editor, databases, cancel))
            .Documents($"create{name}", tag, "Gives a role. Needs an Admin of the env.")
            .Body(
                Field.Id("env_id").Needed, Field.Id(of.Field).Needed, Field.OneOf("role", Enum.GetNames<EnvRole>()).Needed)
            .Answers(role, StatusCodes.Status201Created).IsOurs(isOurs);
        api.MapDelete($"{path}/{{id:guid}}", (Guid id, ClaimsPrincipal user, MemberEditor editor,
            IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
            DeleteAsync(of, id, user, editor, databases, cancel))
            .Documents($"delete{name}", tag, "Takes a role away. Needs an Admin of the env.")
            .AnswersNothing().IsOurs(isOurs);
    }

    private static async Task<IResult> ListAsync(
        RoleCollection of, HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (env, paging) = (query.Id("env_id"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = (await VisibleAsync(db, of, user, cancel)).Where(p => env == null || p.EnvId == env)
            .OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id);
        return of == RoleCollection.Users
            ? await paging.ReadAsync(rows, EnvUserPermissionResponse.From, cancel)
            : await paging.ReadAsync(rows, EnvBotPermissionResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        RoleCollection of, Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await FindAsync(of, id, user, databases, cancel) is { } role
            ? TypedResults.Ok(Response(of, role))
            : ApiProblem.NotFound("role");

    private static async Task<IResult> CreateAsync(
        RoleCollection of, string path, HttpRequest request, ClaimsPrincipal user, MemberEditor editor,
        IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (env, who) = (body.RequiredId("env_id"), of.Who(body));
        var role = body.RequiredChoice<EnvRole>("role");
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.GrantAsync(env, who, role, user.Actor, cancel);
        return result is SettingResult.Saved(var id)
            && await FindAsync(of, id, user, databases, cancel) is { } made
            ? TypedResults.Created($"/api/v2{path}/{id}", Response(of, made))
            : ApiProblem.Of(result, "env");
    }

    private static async Task<IResult> DeleteAsync(
        RoleCollection of, Guid id, ClaimsPrincipal user, MemberEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        if (await FindAsync(of, id, user, databases, cancel) is null)
        {
            return ApiProblem.NotFound("role");
        }

        var result = await editor.TakeAsync(id, user.Actor, cancel);
        return result is SettingResult.Saved ? TypedResults.NoContent() : ApiProblem.Of(result, "role");
    }

    private static async Task<EnvPermission?> FindAsync(
        RoleCollection of, Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (await VisibleAsync(db, of, user, cancel)).SingleOrDefaultAsync(p => p.Id == id, cancel);
    }

    private static async Task<IQueryable<EnvPermission>> VisibleAsync(
        PlatzDb db, RoleCollection of, ClaimsPrincipal user, CancellationToken cancel)
    {
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Where(Permission.ReadMembers);
        var rows = db.EnvPermissions.AsNoTracking().Where(p => visible == null || visible.Contains(p.EnvId));
        return of == RoleCollection.Users ? rows.Where(p => p.UserId != null) : rows.Where(p => p.BotId != null);
    }

    private static object Response(RoleCollection of, EnvPermission role) => of == RoleCollection.Users
        ? EnvUserPermissionResponse.From(role)
        : EnvBotPermissionResponse.From(role);
}

internal sealed record EnvUserPermissionResponse(
    Guid Id, DateTimeOffset CreatedAt, Guid EnvId, Guid UserId, string Role)
{
    public static EnvUserPermissionResponse From(EnvPermission role) =>
        new(role.Id, role.CreatedAt, role.EnvId, role.UserId!.Value, role.Role.ToString());
}

internal sealed record EnvBotPermissionResponse(
    Guid Id, DateTimeOffset CreatedAt, Guid EnvId, Guid BotId, string Role)
{
    public static EnvBotPermissionResponse From(EnvPermission role) =>
        new(role.Id, role.CreatedAt, role.EnvId, role.BotId!.Value, role.Role.ToString());
}
