using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class EnvsApi
{
    public static void MapEnvs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/envs", ListAsync);
        api.MapGet("/envs/{id:guid}", GetAsync);
        api.MapPut("/envs/{id:guid}", UpdateAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (name, autoAdd, paging) = (query.Text("name"), query.Flag("auto_add_new_users"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        var rows = db.Envs.AsNoTracking().Where(e => visible == null || visible.Contains(e.Id));
        rows = name is null
            ? rows
            : rows.Where(e => EF.Functions.ILike(e.Name, SqlPattern.Equal(name), SqlPattern.Escape));
        rows = autoAdd is null ? rows : rows.Where(e => e.AutoAddNewUsers == autoAdd);
        return await paging.ReadAsync(
            rows.OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id), EnvResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Access.OfAsync(db, user.Actor, id, kindId: null, cancel) is not Standing.None
            && await db.Envs.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancel) is { } env
            ? TypedResults.Ok(EnvResponse.From(env))
            : ApiProblem.NotFound("env");
    }

    /// <summary>Where pods may run; a change reinstalls what is enabled in the env.</summary>
    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, EnvEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (selector, tolerations) = (body.Json("node_selector"), body.List("tolerations"));
        if (body.Problem is { } problem)
        {
            return problem;
        }

        return await editor.PlaceAsync(id, selector, tolerations, seen: null, user.Actor, cancel) switch
        {
            EnvResult.Saved => await GetAsync(id, user, databases, cancel),
            EnvResult.Invalid(var errors) => ApiProblem.Invalid(errors),
            EnvResult.Forbidden(var message) => new ApiProblem(StatusCodes.Status403Forbidden, message),
            _ => ApiProblem.NotFound("env"),
        };
    }
}

internal sealed record EnvResponse(
    Guid Id,
    DateTimeOffset CreatedAt,
    string Name,
    JsonObject NodeSelector,
    JsonArray Tolerations,
    bool AutoAddNewUsers)
{
    public static EnvResponse From(Env env) =>
        new(env.Id, env.CreatedAt, env.Name, env.NodeSelector, env.Tolerations, env.AutoAddNewUsers);
}
