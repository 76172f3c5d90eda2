using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class EnvsApi
{
    private const string Tag = "Envs";
    private const int NameLength = 1_000; // the rule for names says more, and better

    public static void MapEnvs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/envs", ListAsync)
            .Documents("allEnvs", Tag, "The envs that you see.")
            .Query(Field.Text("name", "This name, in whatever case."), Field.Flag("auto_add_new_users"))
            .AnswersList<EnvResponse>();
        api.MapGet("/envs/{id:guid}", GetAsync)
            .Documents("getEnv", Tag, "One env.")
            .Answers<EnvResponse>();
        api.MapPost("/envs", CreateAsync)
            .Documents("createEnv", Tag, "Makes an env; a user who makes one is its Admin. Needs a site admin.")
            .Body(Field.Text("name").Needed, Field.Flag("auto_add_new_users", "Whether new users become Users of it."))
            .Answers<EnvResponse>(StatusCodes.Status201Created);
        api.MapPut("/envs/{id:guid}", UpdateAsync)
            .WithMetadata(new TakesIfMatch()).Documents("updateEnv", Tag,
                "Changes what is given; another place for pods reinstalls what is enabled in it. Needs a site admin.")
            .Body(
                Field.Text("name"), Field.Json("node_selector", "A map of labels to texts."),
                Field.Json("tolerations", "A list, as in a pod's spec."), Field.Flag("auto_add_new_users"))
            .Answers<EnvResponse>();
        api.MapDelete("/envs/{id:guid}", DeleteAsync)
            .WithMetadata(new TakesIfMatch()).Documents("deleteEnv", Tag,
                "Deletes an env that nothing is in and nothing has happened in. Needs a site admin.")
            .AnswersNothing();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (name, autoAdd, paging) = (query.Text("name"), query.Flag("auto_add_new_users"), query.Paging());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        var rows = db.Envs.AsNoTracking().Where(e => visible == null || visible.Contains(e.Id));
        rows = name is null
            ? rows
            : rows.Where(e => EF.Functions.ILike(e.Name, SqlPattern.Equal(name), SqlPattern.Escape));
        rows = autoAdd is null ? rows : rows.Where(e => e.AutoAddNewUsers == autoAdd);
        return await paging.ReadAsync(
            rows.OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id), EnvResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await ReadAsync(id, user, databases, cancel) is { } env ? TypedResults.Ok(env) : ApiProblem.NotFound("env");

    private static async Task<EnvResponse?> ReadAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Access.OfAsync(db, user.Actor, id, kindId: null, cancel) is not Standing.None
            && await db.Envs.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancel) is { } env
            ? EnvResponse.From(env)
            : null;
    }

    private static async Task<IResult> CreateAsync(
        HttpRequest request, ClaimsPrincipal user, EnvRegister envs, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (name, autoAdd) = (body.Text("name", NameLength), body.Flag("auto_add_new_users"));
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await envs.CreateAsync(name ?? "", autoAdd ?? false, user.Actor, cancel);
        return result is SettingResult.Saved(var id) && await ReadAsync(id, user, databases, cancel) is { } env
            ? TypedResults.Created($"/api/v2/envs/{id}", env)
            : ApiProblem.Of(result, "env");
    }

    /// <summary>Another place for pods reinstalls what is enabled in the env.</summary>
    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, EnvEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var change = new EnvChange
        {
            Name = body.Text("name", NameLength),
            AutoAddNewUsers = body.Flag("auto_add_new_users"),
            NodeSelector = body.Json("node_selector"),
            Tolerations = body.List("tolerations"),
        };
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var match = IfMatch.Of(request);
        var now = match is null ? null : await ReadAsync(id, user, databases, cancel);
        if (now is not null && !match!.Allows(now.Edition))
        {
            return IfMatch.Failed;
        }

        return await editor.ChangeAsync(id, change, now?.Placement, user.Actor, cancel) switch
        {
            EnvResult.Saved => await GetAsync(id, user, databases, cancel),
            EnvResult.Conflict => IfMatch.Failed,
            EnvResult.Invalid(var errors) => ApiProblem.Invalid(errors),
            EnvResult.Forbidden(var message) => new ApiProblem(StatusCodes.Status403Forbidden, message),
            _ => ApiProblem.NotFound("env"),
        };
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, EnvRegister envs, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        if (await ReadAsync(id, user, databases, cancel) is not { } now)
        {
            return ApiProblem.NotFound("env");
        }

        if (IfMatch.Of(request)?.Allows(now.Edition) is false)
        {
            return IfMatch.Failed;
        }

        var result = await envs.DeleteAsync(id, user.Actor, cancel);
        return result is SettingResult.Saved ? TypedResults.NoContent() : ApiProblem.Of(result, "env");
    }
}

internal sealed record EnvResponse(
    Guid Id,
    DateTimeOffset CreatedAt,
    string Name,
    JsonObject NodeSelector,
    JsonArray Tolerations,
    bool AutoAddNewUsers) : IEdited
{
    [JsonIgnore]
    public string Edition => Etag.Hash(JsonSerializer.SerializeToUtf8Bytes(this, ApiJson.Default.EnvResponse));

    [JsonIgnore]
    public EnvPlacement Placement => new(NodeSelector, Tolerations);

    public static EnvResponse From(Env env) =>
        new(env.Id, env.CreatedAt, env.Name, env.NodeSelector, env.Tolerations, env.AutoAddNewUsers);
}
