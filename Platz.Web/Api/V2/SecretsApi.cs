using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>The secrets of envs; their contents come in and never out.</summary>
internal static class SecretsApi
{
    private const string Tag = "Secrets";
    private const int NameLength = 1_000; // the rule for names says more, and better

    public static void MapSecrets(this IEndpointRouteBuilder api)
    {
        api.MapGet("/secrets", ListAsync)
            .Documents("allSecrets", Tag, "The secrets of the envs that you see, without their contents.")
            .Query(
                Field.Id("env_id"), Field.Text("collection", "In whatever case."), Field.Text("name", "In whatever case."))
            .AnswersList<SecretResponse>();
        api.MapGet("/secrets/{id:guid}", GetAsync)
            .Documents("getSecret", Tag, "One secret, without its contents.")
            .Answers<SecretResponse>();
        api.MapPost("/secrets", CreateAsync)
            .Documents("createSecret", Tag, "Adds a secret. Needs an Admin of the env.")
            .Body(
                Field.Id("env_id").Needed, Field.Text("collection").Needed, Field.Text("name").Needed,
                Field.Text("contents").Needed)
            .Answers<SecretResponse>(StatusCodes.Status201Created);
        api.MapPut("/secrets/{id:guid}", UpdateAsync)
            .Documents("updateSecret", Tag, "Other contents reinstall what uses it. Needs an Admin of the env.")
            .Body(Field.Text("name"), Field.Text("contents"))
            .Answers<SecretResponse>();
        api.MapDelete("/secrets/{id:guid}", DeleteAsync)
            .Documents("deleteSecret", Tag, "Deletes a secret that nothing uses. Needs an Admin of the env.")
            .AnswersNothing();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var (env, collection, name) = (query.Id("env_id"), query.Text("collection"), query.Text("name"));
        var paging = query.Paging();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        var rows = db.Secrets.AsNoTracking().Where(s => visible == null || visible.Contains(s.EnvId));
        rows = env is null ? rows : rows.Where(s => s.EnvId == env);
        rows = collection is null
            ? rows
            : rows.Where(s => EF.Functions.ILike(s.Collection, SqlPattern.Equal(collection), SqlPattern.Escape));
        rows = name is null
            ? rows
            : rows.Where(s => EF.Functions.ILike(s.Name, SqlPattern.Equal(name), SqlPattern.Escape));
        return await paging.ReadAsync(
            rows.OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id), SecretResponse.From, cancel);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var visible = (await Access.GrantsAsync(db, user.Actor, cancel)).Visible;
        return await db.Secrets.AsNoTracking().SingleOrDefaultAsync(
            s => s.Id == id && (visible == null || visible.Contains(s.EnvId)), cancel) is { } secret
            ? TypedResults.Ok(SecretResponse.From(secret))
            : ApiProblem.NotFound("secret");
    }

    private static async Task<IResult> CreateAsync(
        HttpRequest request, ClaimsPrincipal user, SecretEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var wanted = new NewSecret(
            body.RequiredId("env_id"), body.Text("collection", NameLength) ?? "", body.Text("name", NameLength) ?? "",
            body.Text("contents", SecretEditor.MaxContents) ?? "");
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.CreateAsync(wanted, user.Actor, cancel);
        if (result is not SecretResult.Saved(var id, _))
        {
            return Problem(result);
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var secret = await db.Secrets.AsNoTracking().SingleAsync(s => s.Id == id, cancel);
        return TypedResults.Created($"/api/v2/secrets/{id}", SecretResponse.From(secret));
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, SecretEditor editor, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (name, contents) = (body.Text("name", NameLength), body.Text("contents", SecretEditor.MaxContents));
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = await editor.UpdateAsync(id, name, contents, user.Actor, cancel);
        return result is SecretResult.Saved ? await GetAsync(id, user, databases, cancel) : Problem(result);
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, ClaimsPrincipal user, SecretEditor editor, CancellationToken cancel) =>
        await editor.DeleteAsync(id, user.Actor, cancel) is var result && result is SecretResult.Saved
            ? TypedResults.NoContent()
            : Problem(result);

    private static ApiProblem Problem(SecretResult refusal) => refusal switch
    {
        SecretResult.Invalid(var errors) => ApiProblem.Invalid(errors),
        SecretResult.Conflict(var message) => ApiProblem.Conflict(message),
        SecretResult.Forbidden(var message) => new ApiProblem(StatusCodes.Status403Forbidden, message),
        _ => ApiProblem.NotFound("secret"),
    };
}

internal sealed record SecretResponse(
    Guid Id, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, Guid EnvId, string Collection, string Name)
{
    public static SecretResponse From(EnvSecret secret) =>
        new(secret.Id, secret.CreatedAt, secret.UpdatedAt, secret.EnvId, secret.Collection, secret.Name);
}
