using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class K8sClustersApi
{
    public static void MapK8sClusters(this IEndpointRouteBuilder api)
    {
        api.MapGet("/k8s-clusters", ListAsync);
        api.MapGet("/k8s-clusters/{id:guid}", GetAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (env, name, paging) = (query.Id("env_id"), query.Text("name"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await VisibleAsync(db, user, cancel);
        rows = env is null ? rows : rows.Where(c => c.EnvId == env);
        rows = name is null
            ? rows
            : rows.Where(c => EF.Functions.ILike(c.Name, SqlPattern.Equal(name), SqlPattern.Escape));
        return await paging.ReadAsync(
            rows.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id), K8sClusterResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (await VisibleAsync(db, user, cancel)).SingleOrDefaultAsync(c => c.Id == id, cancel) is { } cluster
            ? TypedResults.Ok(K8sClusterResponse.From(cluster))
            : ApiProblem.NotFound("cluster");
    }

    private static async Task<IQueryable<Cluster>> VisibleAsync(PlatzDb db, ClaimsPrincipal user, CancellationToken cancel)
    {
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        return db.Clusters.AsNoTracking().Where(c =>
            c.DeletedAt == null && (visible == null || (c.EnvId != null && visible.Contains(c.EnvId.Value))));
    }
}

/// <summary>A cluster without its kubeconfig, which no answer ever holds.</summary>
internal sealed record K8sClusterResponse(
    Guid Id,
    Guid? EnvId,
    string ProviderId,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    string Name,
    string RegionName,
    bool IsOk,
    string? NotOkReason,
    bool Ignore,
    string? IngressDomain,
    string? IngressClass,
    string? IngressTlsSecretName,
    string? GrafanaUrl,
    string? GrafanaDatasourceName,
    bool IsSandbox)
{
    public static K8sClusterResponse From(Cluster cluster) => new(
        cluster.Id,
        cluster.EnvId,
        cluster.ProviderId,
        cluster.CreatedAt,
        cluster.LastSeenAt,
        cluster.Name,
        cluster.RegionName,
        cluster.IsOk,
        cluster.NotOkReason,
        cluster.Ignore,
        cluster.IngressDomain,
        cluster.IngressClass,
        cluster.IngressTlsSecretName,
        cluster.GrafanaUrl,
        cluster.GrafanaDatasourceName,
        cluster.IsSandbox);
}
