using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Values;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>
/// What a chart is given, or would be, merged as Helm does it. Secrets stand in it as masks, and the stored override is
/// in it for those alone who may read it. Nothing is changed.
/// </summary>
internal static class ValuesApi
{
    public static void MapValues(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deployments/{id:guid}/values", ([AsParameters] Asked asked, Guid id, CancellationToken cancel) =>
            OfDeploymentAsync(id, new ApiBody([]), asked, cancel))
            .Documents("getDeploymentValues", DeploymentsApi.Tag, "What the chart is given; secrets are masked.")
            .Answers<ValuesResponse>().IsOurs();
        api.MapPost("/deployments/{id:guid}/values-preview",
            ([AsParameters] Asked asked, Guid id, HttpRequest request, CancellationToken cancel) =>
                WithBodyAsync(request, body => OfDeploymentAsync(id, body, asked, cancel), cancel))
            .Documents("previewDeploymentValues", DeploymentsApi.Tag, "What the chart would be given after a change.")
            .Body(
                Field.Text("name"), Field.Id("cluster_id"), Field.Id("helm_chart_id"), Field.Json("config"),
                Field.Json("values_override"))
            .Answers<ValuesResponse>().IsOurs();
        api.MapPost("/deployments/values-preview",
            ([AsParameters] Asked asked, HttpRequest request, CancellationToken cancel) =>
                WithBodyAsync(request, body => OfNewAsync(body, asked, cancel), cancel))
            .Documents("previewNewDeploymentValues", DeploymentsApi.Tag,
                "What the chart of a new deployment would be given.")
            .Body(
                Field.Text("name"), Field.Id("kind_id").Needed, Field.Id("cluster_id").Needed,
                Field.Id("helm_chart_id").Needed, Field.Json("config"), Field.Json("values_override"))
            .Answers<ValuesResponse>().IsOurs();
    }

    private static async Task<IResult> WithBodyAsync(
        HttpRequest request, Func<ApiBody, Task<IResult>> answer, CancellationToken cancel)
    {
        var (body, problem) = await ApiBody.ReadAsync(request, cancel);
        return body is null ? problem! : await answer(body);
    }

    /// <param name="given">What would be changed; the rest is as it is stored.</param>
    private static async Task<IResult> OfDeploymentAsync(
        Guid id, ApiBody given, Asked asked, CancellationToken cancel)
    {
        await using var db = await asked.Databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, asked.User.Actor, cancel);
        var found = await (
            from d in DeploymentsApi.Visible(db, grants)
            join c in db.Clusters on d.ClusterId equals c.Id
            join k in db.Kinds on d.KindId equals k.Id
            where d.Id == id && d.DeletedAt == null
            select new { Deployment = d, c.EnvId, Kind = k }).SingleOrDefaultAsync(cancel);
        if (found is null)
        {
            return ApiProblem.NotFound("deployment");
        }

        var now = found.Deployment;
        var isRead = grants.In(found.EnvId, now.KindId).Allows(Permission.ReadValuesOverride);
        var change = DeploymentsApi.Override(given);
        var name = given.Text("name", DeploymentsApi.NameLength) ?? now.Name;
        var wanted = new Wanted(
            now.Id, name, name == now.Name ? now.Namespace : Location.Name(found.Kind.Name, name), found.Kind,
            given.Id("cluster_id") ?? now.ClusterId, given.Id("helm_chart_id") ?? now.HelmChartId,
            given.Json("config") ?? now.Config, change ?? (isRead ? now.ValuesOverride : []));
        return await AnswerAsync(db, grants, given, wanted, isHidden: change is null && !isRead, asked.Values, cancel);
    }

    private static async Task<IResult> OfNewAsync(ApiBody given, Asked asked, CancellationToken cancel)
    {
        await using var db = await asked.Databases.CreateDbContextAsync(cancel);
        var kindId = given.RequiredId("kind_id");
        if (await db.Kinds.AsNoTracking().SingleOrDefaultAsync(k => k.Id == kindId, cancel) is not { } kind)
        {
            return given.Problem ?? ApiProblem.Invalid([new FieldError("kind_id", "There is no such kind.")]);
        }

        var name = given.Text("name", DeploymentsApi.NameLength) ?? "";
        var wanted = new Wanted(
            Guid.CreateVersion7(), name, Location.Name(kind.Name, name), kind,
            given.RequiredId("cluster_id"), given.RequiredId("helm_chart_id"), given.Json("config") ?? [],
            DeploymentsApi.Override(given) ?? []);
        var grants = await Access.GrantsAsync(db, asked.User.Actor, cancel);
        return await AnswerAsync(db, grants, given, wanted, isHidden: false, asked.Values, cancel);
    }

    private static async Task<IResult> AnswerAsync(
        PlatzDb db, Grants grants, ApiBody given, Wanted wanted, bool isHidden, FinalValues values,
        CancellationToken cancel)
    {
        if (given.Problem is { } problem)
        {
            return problem;
        }

        var env = await db.Clusters.Where(c => c.Id == wanted.ClusterId && c.DeletedAt == null).Select(c => c.EnvId)
            .SingleOrDefaultAsync(cancel);
        if (env is not { } envId || grants.In(envId, wanted.Kind.Id) is Standing.None)
        {
            return ApiProblem.Invalid([new FieldError("cluster_id", "There is no such cluster.")]);
        }

        return await values.PreviewAsync(wanted.In(envId), cancel) switch
        {
            FinalValuesResult.Shown(var preview) => TypedResults.Ok(ValuesResponse.From(preview, isHidden)),
            FinalValuesResult.Refused(var message) => ApiProblem.Invalid([new FieldError("", message)]),
            var other => throw new InvalidOperationException($"{other}"),
        };
    }

    private sealed record Asked(ClaimsPrincipal User, FinalValues Values, IDbContextFactory<PlatzDb> Databases);

    internal sealed record Wanted(
        Guid Id, string Name, string Namespace, Kind Kind, Guid ClusterId, Guid ChartId, JsonObject Config,
        JsonObject ValuesOverride)
    {
        public FinalValuesRequest In(Guid envId) => new(
            envId, ClusterId, ChartId, Id, Name, Namespace, Kind.Name, Config, ValuesOverride);
    }
}

/// <param name="Yaml">The same as text, in the order of the chart's own file.</param>
/// <param name="OverrideIsHidden">The stored override is not in it: it is an Owner's to read.</param>
/// <param name="DefaultsError">Why the chart's own values are not in it, if they cannot be read.</param>
internal sealed record ValuesResponse(JsonObject Values, string Yaml, bool OverrideIsHidden, string? DefaultsError)
{
    public static ValuesResponse From(ValuesPreview preview, bool isHidden)
    {
        var values = preview.ToJson();
        return new ValuesResponse(values, YamlText.Write(values), isHidden, preview.DefaultsError?.Message);
    }
}
