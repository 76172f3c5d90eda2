using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Core.Values;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>What deployments manage for others; sensitive props come in and never out.</summary>
internal static class DeploymentResourcesApi
{
    private const string Tag = "Deployment Resources";
    private const int NameLength = 1_000; // the rule for names says more, and better

    public static void MapDeploymentResources(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deployment-resources", ListAsync)
            .Documents("allDeploymentResources", Tag, "What is managed; sensitive props are left out.")
            .Query(Field.Id("type_id"), Field.Id("env_id"))
            .AnswersList<DeploymentResourceResponse>();
        api.MapGet("/deployment-resources/{id:guid}", GetAsync)
            .Documents("getDeploymentResource", Tag, "One of them.")
            .Answers<DeploymentResourceResponse>();
        api.MapPost("/deployment-resources", CreateAsync)
            .Documents("createDeploymentResource", Tag,
                "Asks a deployment to make one; id, created_at and sync_status are ignored.")
            .Body(
                Field.Id("type_id").Needed, Field.Id("deployment_id").Needed, Field.Text("name").Needed,
                Field.Json("props").Needed, Field.Id("id"), Field.Time("created_at"),
                Field.OneOf("sync_status", Enum.GetNames<ResourceSyncStatus>()))
            .Answers<DeploymentResourceResponse>(StatusCodes.Status201Created);
        api.MapPut("/deployment-resources/{id:guid}", UpdateAsync)
            .Documents("updateDeploymentResource", Tag, "Props are merged into those there are.")
            .Body(Field.Text("name"), Field.Json("props"))
            .Answers<DeploymentResourceResponse>();
        api.MapDelete("/deployment-resources/{id:guid}", DeleteAsync)
            .Documents("deleteDeploymentResource", Tag, "Asks its deployment to remove it.")
            .AnswersNothing();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (type, env, paging) = (query.Id("type_id"), query.Id("env_id"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await VisibleAsync(db, user, env, cancel);
        rows = type is null ? rows : rows.Where(r => r.TypeId == type);
        return await paging.ReadAsync(
            rows.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id), DeploymentResourceResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (await VisibleAsync(db, user, env: null, cancel)).SingleOrDefaultAsync(r => r.Id == id, cancel) is { } found
            ? TypedResults.Ok(DeploymentResourceResponse.From(found))
            : ApiProblem.NotFound("resource");
    }

    private static async Task<IResult> CreateAsync(
        HttpRequest request, ClaimsPrincipal user, DeploymentResourceEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var wanted = new NewResource(
            body.RequiredId("type_id"), body.RequiredId("deployment_id"), body.Text("name", NameLength) ?? "",
            body.Json("props") ?? []);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.CreateAsync(wanted, user.Actor, cancel);
        if (result is not ResourceResult.Saved(var id))
        {
            return Problem(result);
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var created = await db.Resources.AsNoTracking().SingleAsync(r => r.Id == id, cancel);
        return TypedResults.Created($"/api/v2/deployment-resources/{id}", DeploymentResourceResponse.From(created));
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, DeploymentResourceEditor editor,
        IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (name, props) = (body.Text("name", NameLength), body.Json("props"));
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.UpdateAsync(id, name, props, seen: null, user.Actor, cancel);
        return result is ResourceResult.Saved ? await GetAsync(id, user, databases, cancel) : Problem(result);
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, ClaimsPrincipal user, DeploymentResourceEditor editor, CancellationToken cancel) =>
        await editor.DeleteAsync(id, user.Actor, cancel) is var result && result is ResourceResult.Saved
            ? TypedResults.NoContent()
            : Problem(result);

    private static async Task<IQueryable<DeploymentResource>> VisibleAsync(
        PlatzDb db, ClaimsPrincipal user, Guid? env, CancellationToken cancel)
    {
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        return
            from resource in db.Resources.AsNoTracking()
            join deployment in db.Deployments on resource.DeploymentId equals deployment.Id
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where cluster.EnvId != null && (env == null || cluster.EnvId == env)
                && (visible == null || visible.Contains(cluster.EnvId.Value))
            select resource;
    }

    private static ApiProblem Problem(ResourceResult refusal) => refusal switch
    {
        ResourceResult.Invalid(var errors) => ApiProblem.Invalid(errors),
        ResourceResult.Conflict(var message) => ApiProblem.Conflict(message),
        ResourceResult.Forbidden =>
            new ApiProblem(StatusCodes.Status403Forbidden, refusal.Words("resource")),
        _ => ApiProblem.NotFound("resource"),
    };
}

internal sealed record DeploymentResourceResponse(
    Guid Id, DateTimeOffset CreatedAt, Guid TypeId, Guid? DeploymentId, string Name, bool Exists, JsonObject Props,
    string SyncStatus, string? SyncReason)
{
    public static DeploymentResourceResponse From(DeploymentResource resource) => new(
        resource.Id, resource.CreatedAt, resource.TypeId, resource.DeploymentId, resource.Name, resource.Exists,
        SealedJson.MaskInputs(resource.Props), resource.SyncStatus.ToString(), resource.SyncReason);
}
