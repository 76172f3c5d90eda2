using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class HelmRegistriesApi
{
    private const string Tag = "Helm Registries";
    private const int IconLength = 100;

    public static void MapHelmRegistries(this IEndpointRouteBuilder api)
    {
        api.MapGet("/helm-registries", ListAsync)
            .Documents("allHelmRegistries", Tag, "All registries.")
            .Query(Field.Text("repo_name", "Exactly this repository."), Field.Id("kind_id"))
            .AnswersList<HelmRegistryResponse>();
        api.MapGet("/helm-registries/{id:guid}", GetAsync)
            .Documents("getHelmRegistry", Tag, "One registry.")
            .Answers<HelmRegistryResponse>();
        api.MapPut("/helm-registries/{id:guid}", UpdateAsync)
            .Documents("updateHelmRegistry", Tag, "Sets its icon. Needs a site admin.")
            .Body(Field.Text("fa_icon", "A name of Font Awesome."))
            .Answers<HelmRegistryResponse>();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (repository, kind, paging) = (query.Text("repo_name"), query.Id("kind_id"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = db.Registries.AsNoTracking();
        rows = repository is null ? rows : rows.Where(r => r.RepoName == repository);
        rows = kind is null ? rows : rows.Where(r => r.KindId == kind);
        return await paging.ReadAsync(
            rows.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id), HelmRegistryResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Registries.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel) is { } registry
            ? TypedResults.Ok(HelmRegistryResponse.From(registry))
            : ApiProblem.NotFound("registry");
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, RegistryEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var icon = body.Text("fa_icon", IconLength) ?? "";
        if (body.Problem is { } problem)
        {
            return problem;
        }

        return await editor.SetIconAsync(id, icon, user.Actor, cancel) switch
        {
            SettingResult.Saved => await GetAsync(id, databases, cancel),
            var refusal => ApiProblem.Of(refusal, "registry"),
        };
    }
}

internal sealed record HelmRegistryResponse(
    Guid Id,
    DateTimeOffset CreatedAt,
    string DomainName,
    string RepoName,
    Guid KindId,
    bool Available,
    string FaIcon,
    string Provider,
    string? Error)
{
    public static HelmRegistryResponse From(Registry registry) => new(
        registry.Id,
        registry.CreatedAt,
        registry.DomainName,
        registry.RepoName,
        registry.KindId,
        registry.Available,
        registry.FaIcon,
        registry.Provider.ToString(),
        registry.Error);
}
