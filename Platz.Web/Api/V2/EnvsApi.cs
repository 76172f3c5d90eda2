using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Web.Api.V2;

internal static class EnvsApi
{
    public static void MapEnvs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/envs", ListAsync);
        api.MapGet("/envs/{id:guid}", GetAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (name, autoAdd, paging) = (query.Text("name"), query.Flag("auto_add_new_users"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = db.Envs.AsNoTracking();
        rows = name is null ? rows : rows.Where(e => EF.Functions.ILike(e.Name, SqlPattern.Equal(name)));
        rows = autoAdd is null ? rows : rows.Where(e => e.AutoAddNewUsers == autoAdd);
        return await paging.ReadAsync(
            rows.OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id), EnvResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Envs.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancel) is { } env
            ? TypedResults.Ok(EnvResponse.From(env))
            : ApiProblem.NotFound("env");
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
