using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Web.Api.OpenApi;

namespace Platz.Web.Api.V2;

internal static class HelmChartsApi
{
    private const string Tag = "Helm Charts";

    public static void MapHelmCharts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/helm-charts", ListAsync)
            .Documents("allHelmCharts", Tag, "All chart versions.")
            .Query(
                Field.Id("helm_registry_id"), Field.Text("parsed_branch"), Field.Id("kind_id"),
                Field.Flag("in_use", "Only those deployed, and the newest of their branches."))
            .AnswersList<HelmChartResponse>();
        api.MapGet("/helm-charts/{id:guid}", GetAsync)
            .Documents("getHelmChart", Tag, "One chart version.")
            .Answers<HelmChartResponse>();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (registry, kind, branch) = (query.Id("helm_registry_id"), query.Id("kind_id"), query.Text("parsed_branch"));
        var (inUse, paging) = (query.Flag("in_use"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = inUse is true ? InUse(db) : db.Charts.AsNoTracking();
        rows = registry is null ? rows : rows.Where(c => c.HelmRegistryId == registry);
        rows = branch is null ? rows : rows.Where(c => c.ParsedBranch == branch);
        rows = kind is null
            ? rows
            : rows.Where(c => db.Registries.Any(r => r.Id == c.HelmRegistryId && r.KindId == kind));
        return await paging.ReadAsync(
            rows.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id), HelmChartResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Charts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancel) is { } chart
            ? TypedResults.Ok(HelmChartResponse.From(chart))
            : ApiProblem.NotFound("chart");
    }

    /// <summary>The charts of all deployments, and the newest one of each registry and branch among those.</summary>
    private static IQueryable<Chart> InUse(PlatzDb db)
    {
        var used = db.Charts.Where(c => db.Deployments.Any(d => d.HelmChartId == c.Id && d.DeletedAt == null));
        return db.Charts.AsNoTracking().Where(c =>
            used.Any(u => u.Id == c.Id)
            || (used.Any(u => u.HelmRegistryId == c.HelmRegistryId && u.ParsedBranch == c.ParsedBranch)
                && !db.Charts.Any(newer =>
                    newer.HelmRegistryId == c.HelmRegistryId && newer.ParsedBranch == c.ParsedBranch
                    && (newer.CreatedAt > c.CreatedAt || (newer.CreatedAt == c.CreatedAt && newer.Id > c.Id)))));
    }
}

internal sealed record HelmChartResponse(
    Guid Id,
    DateTimeOffset CreatedAt,
    Guid HelmRegistryId,
    string ImageDigest,
    string ImageTag,
    bool Available,
    JsonObject? ValuesUi,
    JsonArray? ActionsSchema,
    JsonObject? Features,
    JsonArray? ResourceTypes,
    string? Error,
    Guid? TagFormatId,
    string? ParsedVersion,
    string? ParsedRevision,
    string? ParsedBranch,
    string? ParsedCommit,
    string ChartName,
    string? AppVersion,
    string? Description)
{
    public static HelmChartResponse From(Chart chart) => new(
        chart.Id,
        chart.CreatedAt,
        chart.HelmRegistryId,
        chart.ImageDigest,
        chart.ImageTag,
        chart.Available,
        chart.ValuesUi,
        chart.ActionsSchema,
        chart.Features,
        chart.ResourceTypes,
        chart.Error,
        chart.TagFormatId,
        chart.ParsedVersion,
        chart.ParsedRevision,
        chart.ParsedBranch,
        chart.ParsedCommit,
        chart.ChartName,
        chart.AppVersion,
        chart.Description);
}
