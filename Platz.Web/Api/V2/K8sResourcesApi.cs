using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class K8sResourcesApi
{
    private const string Tag = "Kubernetes Resources";

    public static void MapK8sResources(this IEndpointRouteBuilder api)
    {
        api.MapGet("/k8s-resources", ListAsync)
            .Documents("allK8sResources", Tag, "What runs on the clusters that you see.")
            .Query(Field.Id("cluster_id"), Field.Id("deployment_id"), Field.Text("kind"), Field.Text("name"))
            .AnswersList<K8sResourceResponse>();
        api.MapGet("/k8s-resources/{id:guid}", GetAsync)
            .Documents("getK8sResource", Tag, "One of them.")
            .Answers<K8sResourceResponse>();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (cluster, deployment) = (query.Id("cluster_id"), query.Id("deployment_id"));
        var (kind, name, paging) = (query.Text("kind"), query.Text("name"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await VisibleAsync(db, user, cancel);
        rows = cluster is null ? rows : rows.Where(r => r.ClusterId == cluster);
        rows = deployment is null ? rows : rows.Where(r => r.DeploymentId == deployment);
        rows = kind is null
            ? rows
            : rows.Where(r => EF.Functions.ILike(r.Kind, SqlPattern.Equal(kind), SqlPattern.Escape));
        rows = name is null
            ? rows
            : rows.Where(r => EF.Functions.ILike(r.Name, SqlPattern.Equal(name), SqlPattern.Escape));
        return await paging.ReadAsync(
            rows.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id), K8sResourceResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (await VisibleAsync(db, user, cancel)).SingleOrDefaultAsync(r => r.Id == id, cancel) is { } found
            ? TypedResults.Ok(K8sResourceResponse.From(found))
            : ApiProblem.NotFound("resource");
    }

    private static async Task<IQueryable<K8sResource>> VisibleAsync(
        PlatzDb db, ClaimsPrincipal user, CancellationToken cancel)
    {
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        var rows = db.K8sResources.AsNoTracking();
        return visible is null
            ? rows
            : rows.Where(r => db.Clusters.Any(c => c.Id == r.ClusterId && c.EnvId != null && visible.Contains(c.EnvId.Value)));
    }
}

internal sealed record K8sResourceResponse(
    Guid Id,
    DateTimeOffset LastUpdatedAt,
    Guid ClusterId,
    Guid DeploymentId,
    string Kind,
    string ApiVersion,
    string Name,
    string[] StatusColor,
    JsonObject Metadata)
{
    public static K8sResourceResponse From(K8sResource resource) => new(
        resource.Id,
        resource.LastUpdatedAt,
        resource.ClusterId,
        resource.DeploymentId,
        resource.Kind,
        resource.ApiVersion,
        resource.Name,
        resource.StatusColor,
        resource.Metadata);
}
