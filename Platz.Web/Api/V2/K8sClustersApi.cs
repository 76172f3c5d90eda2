using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class K8sClustersApi
{
    private const string Tag = "Kubernetes Clusters";

    public static void MapK8sClusters(this IEndpointRouteBuilder api)
    {
        api.MapGet("/k8s-clusters", ListAsync)
            .Documents("allK8sClusters", Tag, "The clusters that you see.")
            .Query(Field.Id("env_id"), Field.Text("name", "This name, in whatever case."))
            .AnswersList<K8sClusterResponse>();
        api.MapGet("/k8s-clusters/{id:guid}", GetAsync)
            .Documents("getK8sCluster", Tag, "One cluster.")
            .Answers<K8sClusterResponse>();
        api.MapPut("/k8s-clusters/{id:guid}", UpdateAsync)
            .WithMetadata(new TakesIfMatch()).Documents("updateK8sCluster", Tag,
                "Changes the settings that are given; null empties one. Needs a site admin.")
            .Body(
                Field.Id("env_id"), Field.Flag("ignore"), Field.Text("ingress_domain"), Field.Text("ingress_class"),
                Field.Text("ingress_tls_secret_name"), Field.Text("grafana_url"), Field.Text("grafana_datasource_name"))
            .Answers<K8sClusterResponse>();
        api.MapDelete("/k8s-clusters/{id:guid}", DeleteAsync)
            .WithMetadata(new TakesIfMatch()).Documents("deleteK8sCluster", Tag, "Forgets a cluster that nothing is deployed to. Needs a site admin.")
            .AnswersNothing();
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
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await ReadAsync(id, user, databases, cancel) is { } cluster
            ? TypedResults.Ok(K8sClusterResponse.From(cluster))
            : ApiProblem.NotFound("cluster");

    private static async Task<Cluster?> ReadAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (await VisibleAsync(db, user, cancel)).SingleOrDefaultAsync(c => c.Id == id, cancel);
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, ClusterEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var given = new ClusterBody(body);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var (now, refusal) = await BeforeAsync(id, request, user, databases, cancel);
        if (now is null)
        {
            return refusal!;
        }

        var seen = IfMatch.Of(request) is null ? null : ClusterSettings.Of(now);
        return await editor.ChangeAsync(id, given.Over, seen, user.Actor, cancel) switch
        {
            SettingResult.Saved => await GetAsync(id, user, databases, cancel),
            SettingResult.Conflict => IfMatch.Failed,
            var result => ApiProblem.Of(result, "cluster"),
        };
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, ClusterEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (now, refusal) = await BeforeAsync(id, request, user, databases, cancel);
        if (now is null)
        {
            return refusal!;
        }

        var result = await editor.DeleteAsync(id, user.Actor, cancel);
        return result is SettingResult.Saved ? TypedResults.NoContent() : ApiProblem.Of(result, "cluster");
    }

    /// <summary>The cluster before it is changed, where the caller sees it and means it as it is.</summary>
    private static async Task<(Cluster? Now, ApiProblem? Refusal)> BeforeAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        if (await ReadAsync(id, user, databases, cancel) is not { } now)
        {
            return (null, ApiProblem.NotFound("cluster"));
        }

        return IfMatch.Of(request)?.Allows(K8sClusterResponse.From(now).Edition) is false
            ? (null, IfMatch.Failed)
            : (now, null);
    }

    private static async Task<IQueryable<Cluster>> VisibleAsync(PlatzDb db, ClaimsPrincipal user, CancellationToken cancel)
    {
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        return db.Clusters.AsNoTracking().Where(c =>
            c.DeletedAt == null && (visible == null || (c.EnvId != null && visible.Contains(c.EnvId.Value))));
    }
}

/// <summary>What is given of a cluster's settings: null empties a field, one that is absent stays as it is.</summary>
internal sealed class ClusterBody
{
    private const int TextLength = 1_000; // the rules of the fields say more, and better

    private readonly Dictionary<string, string> _texts = [];
    private readonly bool _givesEnv;
    private readonly Guid? _env;
    private readonly bool? _ignore;

    public ClusterBody(ApiBody body)
    {
        (_givesEnv, _env, _ignore) = (body.Has("env_id"), body.Id("env_id"), body.Flag("ignore"));
        string[] names =
        [
            "ingress_domain", "ingress_class", "ingress_tls_secret_name", "grafana_url", "grafana_datasource_name",
        ];
        foreach (var name in names.Where(body.Has))
        {
            _texts[name] = body.Text(name, TextLength) ?? "";
        }
    }

    public ClusterSettings Over(ClusterSettings now) => now with
    {
        EnvId = _givesEnv ? _env : now.EnvId,
        Ignore = _ignore ?? now.Ignore,
        IngressDomain = _texts.GetValueOrDefault("ingress_domain", now.IngressDomain),
        IngressClass = _texts.GetValueOrDefault("ingress_class", now.IngressClass),
        IngressTlsSecretName = _texts.GetValueOrDefault("ingress_tls_secret_name", now.IngressTlsSecretName),
        GrafanaUrl = _texts.GetValueOrDefault("grafana_url", now.GrafanaUrl),
        GrafanaDatasourceName = _texts.GetValueOrDefault("grafana_datasource_name", now.GrafanaDatasourceName),
    };
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
    bool IsSandbox) : IEdited
{
    /// <summary>Without what is found out about it all the time.</summary>
    [JsonIgnore]
    public string Edition => Etag.Hash(JsonSerializer.SerializeToUtf8Bytes(
        this with { LastSeenAt = default, IsOk = true, NotOkReason = null }, ApiJson.Default.K8sClusterResponse));


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
