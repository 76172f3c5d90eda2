using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class DeploymentKindsApi
{
    private const string Tag = "Deployment Kinds";
    private const int NameLength = 1_000; // the rule for names says more, and better

    public static void MapDeploymentKinds(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deployment-kinds", ListAsync)
            .Documents("allDeploymentKinds", Tag, "All kinds.")
            .Query(Field.Text("name", "Exactly this name."))
            .AnswersList<DeploymentKindResponse>();
        api.MapGet("/deployment-kinds/{id:guid}", GetAsync)
            .Documents("getDeploymentKind", Tag, "One kind.")
            .Answers<DeploymentKindResponse>();
        api.MapPut("/deployment-kinds/{id:guid}", RenameAsync)
            .Documents("updateDeploymentKind", Tag,
                "Renames a kind; what is deployed stays where it is. Needs a site admin.")
            .Body(Field.Text("name").Needed)
            .Answers<DeploymentKindResponse>();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (name, paging) = (query.Text("name"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = db.Kinds.AsNoTracking();
        rows = name is null ? rows : rows.Where(k => k.Name == name);
        return await paging.ReadAsync(
            rows.OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id), DeploymentKindResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Kinds.AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, cancel) is { } kind
            ? TypedResults.Ok(DeploymentKindResponse.From(kind))
            : ApiProblem.NotFound("kind");
    }

    private static async Task<IResult> RenameAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, KindEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var name = body.Text("name", NameLength) ?? "";
        if (body.Problem is { } problem)
        {
            return problem;
        }

        return await editor.RenameAsync(id, name, user.Actor, cancel) switch
        {
            SettingResult.Saved => await GetAsync(id, databases, cancel),
            var refusal => ApiProblem.Of(refusal, "kind"),
        };
    }
}

internal sealed record DeploymentKindResponse(Guid Id, DateTimeOffset CreatedAt, string Name)
{
    public static DeploymentKindResponse From(Kind kind) => new(kind.Id, kind.CreatedAt, kind.Name);
}
