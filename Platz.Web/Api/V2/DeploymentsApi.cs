using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class DeploymentsApi
{
    public const string Tag = "Deployments";
    public const int NameLength = 1_000; // the rule for names says more, and better
    private const int DescriptionLength = 65_536;

    public static void MapDeployments(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deployments", ListAsync)
            .Documents("allDeployments", Tag, "The deployments that you see.")
            .Query(
                Field.Text("name", "A part of the name, in whatever case."), Field.Id("kind_id"), Field.Id("cluster_id"),
                Field.Flag("enabled"), Field.Id("env_id"))
            .AnswersList<DeploymentResponse>();
        api.MapGet("/deployments/{id:guid}", GetAsync)
            .Documents("getDeployment", Tag, "One deployment; its override is an Owner's to read.")
            .Answers<DeploymentResponse>();
        api.MapPost("/deployments", CreateAsync)
            .Documents("createDeployment", Tag, "Makes a deployment and installs it. Needs an Owner of the kind.")
            .Body(
                Field.Text("name"), Field.Id("kind_id").Needed, Field.Id("cluster_id").Needed,
                Field.Id("helm_chart_id").Needed, Field.Json("config"), Field.Json("values_override"),
                Field.Text("description_md"))
            .Answers<DeploymentResponse>(StatusCodes.Status201Created);
        api.MapPut("/deployments/{id:guid}", UpdateAsync)
            .WithMetadata(new TakesIfMatch()).Documents("updateDeployment", Tag, "Changes what is given and queues the task that follows from it.")
            .Body(
                Field.Text("name"), Field.Id("cluster_id"), Field.Id("helm_chart_id"), Field.Json("config"),
                Field.Json("values_override", "Null empties it."), Field.Flag("enabled"), Field.Text("description_md"))
            .Answers<DeploymentResponse>();
        api.MapDelete("/deployments/{id:guid}", DeleteAsync)
            .WithMetadata(new TakesIfMatch()).Documents("deleteDeployment", Tag,
                "Cancels what waits, uninstalls it, and keeps its history. Needs an Owner of the kind.")
            .AnswersNothing();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (name, enabled, paging) = (query.Text("name"), query.Flag("enabled"), query.Paging());
        var (kind, cluster, env) = (query.Id("kind_id"), query.Id("cluster_id"), query.Id("env_id"));
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, user.Actor, cancel);
        var rows = Visible(db, grants).Where(d => d.DeletedAt == null);
        rows = name is null
            ? rows
            : rows.Where(d => EF.Functions.ILike(d.Name, SqlPattern.Containing(name), SqlPattern.Escape));
        rows = kind is null ? rows : rows.Where(d => d.KindId == kind);
        rows = cluster is null ? rows : rows.Where(d => d.ClusterId == cluster);
        rows = enabled is null ? rows : rows.Where(d => d.Enabled == enabled);
        rows = env is null ? rows : rows.Where(d => db.Clusters.Any(c => c.Id == d.ClusterId && c.EnvId == env));
        var placed = from d in rows
                     join c in db.Clusters on d.ClusterId equals c.Id
                     orderby d.CreatedAt descending, d.Id descending
                     select new { Deployment = d, c.EnvId };
        return await paging.ReadAsync(
            placed, p => DeploymentResponse.From(p.Deployment, grants.In(p.EnvId, p.Deployment.KindId)), cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await ReadAsync(id, user, databases, cancel) is { } found
            ? TypedResults.Ok(found)
            : ApiProblem.NotFound("deployment");

    private static async Task<DeploymentResponse?> ReadAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, user.Actor, cancel);
        var found = await (
            from d in Visible(db, grants)
            join c in db.Clusters on d.ClusterId equals c.Id
            where d.Id == id && d.DeletedAt == null
            select new { Deployment = d, c.EnvId }).SingleOrDefaultAsync(cancel);
        return found is null
            ? null
            : DeploymentResponse.From(found.Deployment, grants.In(found.EnvId, found.Deployment.KindId));
    }

    public static IQueryable<Deployment> Visible(PlatzDb db, Grants grants) => grants.Visible is { } envs
        ? db.Deployments.AsNoTracking().Where(d =>
            db.Clusters.Any(c => c.Id == d.ClusterId && c.EnvId != null && envs.Contains(c.EnvId.Value)))
        : db.Deployments.AsNoTracking();

    private static async Task<IResult> CreateAsync(
        HttpRequest request, ClaimsPrincipal user, DeploymentEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (key, badKey) = await IdempotencyHeader.ReadAsync(request, user.Actor, body, cancel);
        if (badKey is not null)
        {
            return badKey;
        }

        var wanted = new NewDeployment
        {
            Id = IdempotencyHeader.NewId(key),
            IdempotencyKey = key,
            Name = body.Text("name", NameLength) ?? "",
            KindId = body.RequiredId("kind_id"),
            ClusterId = body.RequiredId("cluster_id"),
            HelmChartId = body.RequiredId("helm_chart_id"),
            Config = body.Json("config") ?? [],
            ValuesOverride = Override(body) ?? [],
            DescriptionMd = body.Text("description_md", DescriptionLength),
        };
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.CreateAsync(wanted, user.Actor, cancel);
        return await AnswerAsync(result, request, user, databases, isNew: true, cancel);
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, DeploymentEditor editor,
        IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (key, badKey) = await IdempotencyHeader.ReadAsync(request, user.Actor, body, cancel);
        if (badKey is not null)
        {
            return badKey;
        }

        var edit = new DeploymentEdit
        {
            IdempotencyKey = key,
            Name = body.Text("name", NameLength),
            ClusterId = body.Id("cluster_id"),
            HelmChartId = body.Id("helm_chart_id"),
            Config = body.Json("config"),
            // An explicit null empties it; of the other fields null leaves them as they are, as it always has.
            ValuesOverride = Override(body),
            Enabled = body.Flag("enabled"),
            DescriptionMd = body.Text("description_md", DescriptionLength),
            Version = IfMatch.Of(request)?.Version,
        };
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.UpdateAsync(id, edit, user.Actor, cancel);
        return await AnswerAsync(result, request, user, databases, isNew: false, cancel);
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, DeploymentEditor editor,
        IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var (key, badKey) = await IdempotencyHeader.ReadAsync(request, user.Actor, body: null, cancel);
        if (badKey is not null)
        {
            return badKey;
        }

        var result = await editor.DeleteAsync(id, IfMatch.Of(request)?.Version, user.Actor, key, cancel);
        NameTask(request, result);
        return result is SaveResult.Saved
            ? TypedResults.NoContent()
            : await AnswerAsync(result, request, user, databases, isNew: false, cancel);
    }

    /// <summary>The mask of an override that the caller may not see, sent back as it came, keeps it.</summary>
    public static JsonObject? Override(ApiBody body)
    {
        var given = body.Json("values_override");
        return DeploymentResponse.IsHidden(given) ? null : given ?? (body.Has("values_override") ? [] : null);
    }

    private static async Task<IResult> AnswerAsync(
        SaveResult result, HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, bool isNew,
        CancellationToken cancel)
    {
        if (result is not SaveResult.Saved(var id, _) || await ReadAsync(id, user, databases, cancel) is not { } saved)
        {
            return result is SaveResult.Conflict { IsStale: true } ? IfMatch.Failed : ApiProblem.Of(result, "deployment");
        }

        NameTask(request, result);
        return isNew ? TypedResults.Created($"/api/v2/deployments/{id}", saved) : TypedResults.Ok(saved);
    }

    /// <summary>For who waits for what follows; the body is the deployment, as clients know it.</summary>
    private static void NameTask(HttpRequest request, SaveResult result)
    {
        if (result is SaveResult.Saved(_, { } taskId))
        {
            request.HttpContext.Response.Headers["x-platz-task-id"] = taskId.ToString();
        }
    }
}
