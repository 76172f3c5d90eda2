using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class DeploymentResourceTypesApi
{
    private const string Tag = "Deployment Resource Types";

    public static void MapDeploymentResourceTypes(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deployment-resource-types", ListAsync)
            .Documents("allDeploymentResourceTypes", Tag,
                "What deployments of the envs that you see manage for others.")
            .Query(Field.Id("env_id"), Field.Id("deployment_kind_id"), Field.Text("key"))
            .AnswersList<DeploymentResourceTypeResponse>();
        api.MapGet("/deployment-resource-types/{id:guid}", GetAsync)
            .Documents("getDeploymentResourceType", Tag, "One of them.")
            .Answers<DeploymentResourceTypeResponse>();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (env, kind, key) = (query.Id("env_id"), query.Id("deployment_kind_id"), query.Text("key"));
        var paging = query.Paging();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await VisibleAsync(db, user, cancel);
        rows = env is null ? rows : rows.Where(t => t.EnvId == env);
        rows = kind is null ? rows : rows.Where(t => t.DeploymentKindId == kind);
        rows = key is null
            ? rows
            : rows.Where(t => EF.Functions.ILike(t.Key, SqlPattern.Equal(key), SqlPattern.Escape));
        return await paging.ReadAsync(
            rows.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id), DeploymentResourceTypeResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (await VisibleAsync(db, user, cancel)).SingleOrDefaultAsync(t => t.Id == id, cancel) is { } found
            ? TypedResults.Ok(DeploymentResourceTypeResponse.From(found))
            : ApiProblem.NotFound("resource type");
    }

    /// <summary>Those of one's envs, and those that all envs share.</summary>
    private static async Task<IQueryable<DeploymentResourceType>> VisibleAsync(
        PlatzDb db, ClaimsPrincipal user, CancellationToken cancel)
    {
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        return db.ResourceTypes.AsNoTracking()
            .Where(t => visible == null || (t.EnvId == null && visible.Count > 0) || visible.Contains(t.EnvId!.Value));
    }
}

internal sealed record DeploymentResourceTypeResponse(
    Guid Id, DateTimeOffset CreatedAt, Guid? EnvId, Guid DeploymentKindId, string Key, JsonObject Spec)
{
    public static DeploymentResourceTypeResponse From(DeploymentResourceType type) =>
        new(type.Id, type.CreatedAt, type.EnvId, type.DeploymentKindId, type.Key, type.Spec);
}
