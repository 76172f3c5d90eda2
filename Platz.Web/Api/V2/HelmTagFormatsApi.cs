using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class HelmTagFormatsApi
{
    private const string Tag = "Helm Tag Formats";

    public static void MapHelmTagFormats(this IEndpointRouteBuilder api)
    {
        api.MapGet("/helm-tag-formats", ListAsync)
            .Documents("allHelmTagFormats", Tag, "How tags are read, the newest first.")
            .Query(Field.Text("pattern", "Exactly this pattern."))
            .AnswersList<HelmTagFormatResponse>();
        api.MapGet("/helm-tag-formats/{id:guid}", GetAsync)
            .Documents("getHelmTagFormat", Tag, "One format.")
            .Answers<HelmTagFormatResponse>();
        api.MapPost("/helm-tag-formats", CreateAsync)
            .Documents("createHelmTagFormat", Tag,
                "Adds a regular expression with groups named version, revision, branch and commit. Needs a site admin.")
            .Body(Field.Text("pattern").Needed)
            .Answers<HelmTagFormatResponse>(StatusCodes.Status201Created);
        api.MapDelete("/helm-tag-formats/{id:guid}", DeleteAsync)
            .Documents("deleteHelmTagFormat", Tag, "Deletes a format; what it has read stays. Needs a site admin.")
            .AnswersNothing();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (pattern, paging) = (query.Text("pattern"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = db.TagFormats.AsNoTracking();
        rows = pattern is null ? rows : rows.Where(f => f.Pattern == pattern);
        return await paging.ReadAsync(
            rows.OrderByDescending(f => f.CreatedAt).ThenByDescending(f => f.Id), HelmTagFormatResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await ReadAsync(id, databases, cancel) is { } format ? TypedResults.Ok(format) : ApiProblem.NotFound("tag format");

    private static async Task<HelmTagFormatResponse?> ReadAsync(
        Guid id, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.TagFormats.AsNoTracking().SingleOrDefaultAsync(f => f.Id == id, cancel) is { } format
            ? HelmTagFormatResponse.From(format)
            : null;
    }

    private static async Task<IResult> CreateAsync(
        HttpRequest request, ClaimsPrincipal user, TagFormats formats, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var pattern = body.Text("pattern", TagFormat.MaxLength) ?? "";
        if (body.Problem is { } problem)
        {
            return problem;
        }

        return await formats.AddAsync(pattern, user.Actor, cancel) switch
        {
            SettingResult.Saved(var id) when await ReadAsync(id, databases, cancel) is { } format =>
                TypedResults.Created($"/api/v2/helm-tag-formats/{id}", format),
            // As the existing product answers a pattern that it cannot read.
            SettingResult.Invalid(var errors) => ApiProblem.Invalid(errors, StatusCodes.Status400BadRequest),
            var refusal => ApiProblem.Of(refusal, "tag format"),
        };
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, ClaimsPrincipal user, TagFormats formats, CancellationToken cancel) =>
        await formats.DeleteAsync(id, user.Actor, cancel) is var result && result is SettingResult.Saved
            ? TypedResults.NoContent()
            : ApiProblem.Of(result, "tag format");
}

internal sealed record HelmTagFormatResponse(Guid Id, DateTimeOffset CreatedAt, string Pattern)
{
    public static HelmTagFormatResponse From(TagFormat format) => new(format.Id, format.CreatedAt, format.Pattern);
}
