using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class DeploymentsApi
{
    private const int NameLength = 1_000; // the rule for names says more, and better
    private const int DescriptionLength = 65_536;

    public static void MapDeployments(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deployments", ListAsync);
        api.MapGet("/deployments/{id:guid}", GetAsync);
        api.MapPost("/deployments", CreateAsync);
        api.MapPut("/deployments/{id:guid}", UpdateAsync);
        api.MapDelete("/deployments/{id:guid}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (name, enabled, paging) = (query.Text("name"), query.Flag("enabled"), query.Paging());
        var (kind, cluster, env) = (query.Id("kind_id"), query.Id("cluster_id"), query.Id("env_id"));
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = db.Deployments.AsNoTracking().Where(d => d.DeletedAt == null);
        rows = name is null ? rows : rows.Where(d => EF.Functions.ILike(d.Name, SqlPattern.Containing(name)));
        rows = kind is null ? rows : rows.Where(d => d.KindId == kind);
        rows = cluster is null ? rows : rows.Where(d => d.ClusterId == cluster);
        rows = enabled is null ? rows : rows.Where(d => d.Enabled == enabled);
        rows = env is null ? rows : rows.Where(d => db.Clusters.Any(c => c.Id == d.ClusterId && c.EnvId == env));
        return await paging.ReadAsync(
            rows.OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id), DeploymentResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Deployments.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.DeletedAt == null, cancel)
            is { } deployment
            ? TypedResults.Ok(DeploymentResponse.From(deployment))
            : ApiProblem.NotFound("deployment");
    }

    private static async Task<IResult> CreateAsync(
        HttpRequest request, ClaimsPrincipal user, DeploymentEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (key, badKey) = IdempotencyKey.Read(request);
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null || badKey is not null)
        {
            return badKey ?? badBody!;
        }

        var wanted = new NewDeployment
        {
            Id = IdempotencyKey.NewId(user.Actor, key),
            IdempotencyKey = key,
            Name = body.Text("name", NameLength) ?? "",
            KindId = body.RequiredId("kind_id"),
            ClusterId = body.RequiredId("cluster_id"),
            HelmChartId = body.RequiredId("helm_chart_id"),
            Config = body.Json("config") ?? [],
            ValuesOverride = body.Json("values_override") ?? [],
            DescriptionMd = body.Text("description_md", DescriptionLength),
        };
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.CreateAsync(wanted, user.Actor, cancel);
        return await AnswerAsync(result, databases, isNew: true, cancel);
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, DeploymentEditor editor,
        IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var (key, badKey) = IdempotencyKey.Read(request);
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null || badKey is not null)
        {
            return badKey ?? badBody!;
        }

        var edit = new DeploymentEdit
        {
            IdempotencyKey = key,
            Name = body.Text("name", NameLength),
            ClusterId = body.Id("cluster_id"),
            HelmChartId = body.Id("helm_chart_id"),
            Config = body.Json("config"),
            // An explicit null empties it; of the other fields null leaves them as they are, as it always has.
            ValuesOverride = body.Json("values_override") ?? (body.Has("values_override") ? [] : null),
            Enabled = body.Flag("enabled"),
            DescriptionMd = body.Text("description_md", DescriptionLength),
        };
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.UpdateAsync(id, edit, user.Actor, cancel);
        return await AnswerAsync(result, databases, isNew: false, cancel);
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, DeploymentEditor editor,
        IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var (key, badKey) = IdempotencyKey.Read(request);
        if (badKey is not null)
        {
            return badKey;
        }

        var result = await editor.DeleteAsync(id, user.Actor, key, cancel);
        return result is SaveResult.Saved
            ? TypedResults.NoContent()
            : await AnswerAsync(result, databases, isNew: false, cancel);
    }

    private static async Task<IResult> AnswerAsync(
        SaveResult result, IDbContextFactory<PlatzDb> databases, bool isNew, CancellationToken cancel)
    {
        switch (result)
        {
            case SaveResult.Saved(var id, _):
                await using (var db = await databases.CreateDbContextAsync(cancel))
                {
                    var saved = await db.Deployments.AsNoTracking().SingleAsync(d => d.Id == id, cancel);
                    var answer = DeploymentResponse.From(saved);
                    return isNew ? TypedResults.Created($"/api/v2/deployments/{id}", answer) : TypedResults.Ok(answer);
                }

            case SaveResult.Invalid(var errors):
                return ApiProblem.Invalid(errors);

            case SaveResult.Conflict(var message, var field):
                return ApiProblem.Conflict(message, field);

            default:
                return ApiProblem.NotFound("deployment");
        }
    }
}

internal sealed record DeploymentResponse(
    Guid Id,
    DateTimeOffset CreatedAt,
    string Name,
    Guid KindId,
    Guid ClusterId,
    bool Enabled,
    string Status,
    string? DescriptionMd,
    string? Reason,
    Guid? RevisionId,
    JsonObject? ReportedStatus,
    Guid HelmChartId,
    JsonObject Config,
    JsonObject ValuesOverride,
    string Namespace)
{
    public static DeploymentResponse From(Deployment deployment) => new(
        deployment.Id,
        deployment.CreatedAt,
        deployment.Name,
        deployment.KindId,
        deployment.ClusterId,
        deployment.Enabled,
        deployment.Status.ToString(),
        deployment.DescriptionMd,
        deployment.Reason,
        deployment.RevisionId,
        deployment.ReportedStatus,
        deployment.HelmChartId,
        deployment.Config,
        deployment.ValuesOverride,
        deployment.Namespace);
}
