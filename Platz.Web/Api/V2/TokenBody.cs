using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;

namespace Platz.Web.Api.V2;

/// <summary>What the request for a token says of it beside whose it is. Clients of the existing product say nothing.</summary>
internal static class TokenBody
{
    private const string DefaultName = "API";
    private const int NameLength = 1_000; // the rule for names says more, and better

    public static IReadOnlyList<FieldDoc> Fields { get; } =
    [
        Field.Text("name", "API unless given."), Field.Number("expires_in_days", "90 unless given."),
        Field.Many("cidrs", Shape.Text(), "The networks that it may come from."),
        Field.Json("scope", "The most that it may: env_ids, a list, and role, one of those of an env and a kind."),
    ];

    /// <summary>A problem where a field cannot be read; whether it is allowed, <see cref="TokenEditor"/> says.</summary>
    public static (NewToken? Token, ApiProblem? Problem) Read(ApiBody body, TokenOwner owner, Guid ownerId)
    {
        var (name, days) = (body.Text("name", NameLength) ?? DefaultName, body.Number("expires_in_days"));
        var (cidrs, scope) = (body.List("cidrs"), body.Json("scope"));
        if (body.Problem is { } problem)
        {
            return (null, problem);
        }

        var errors = new List<FieldError>();
        var ranges = Texts(cidrs, "cidrs", errors);
        var envs = Envs(scope, errors);
        var role = Role(scope, errors);
        if (errors.Count == 0 && ScopeError(scope, TokenScope.Of(envs, role)) is { } error)
        {
            errors.Add(error);
        }

        return errors.Count > 0
            ? (null, ApiProblem.Invalid(errors))
            : (new NewToken(owner, ownerId, name, days ?? NewToken.DefaultDays, TokenScope.Of(envs, role), ranges), null);
    }

    /// <summary>Whoever sends one wants less than everything: a field with another name must not give them that.</summary>
    private static FieldError? ScopeError(JsonObject? given, TokenScope? scope) => given switch
    {
        null => null,
        _ when given.Any(pair => pair.Key is not ("env_ids" or "role")) =>
            new FieldError("scope", "A scope has env_ids and role, and nothing else."),
        _ when scope is null => new FieldError("scope", "This limits nothing: give env_ids or role, or leave it out."),
        _ => null,
    };

    private static List<Guid>? Envs(JsonObject? scope, List<FieldError> errors)
    {
        if (scope?["env_ids"] is not { } given)
        {
            return null;
        }

        var texts = Texts(given as JsonArray ?? [.. new JsonNode?[] { null }], "scope", errors);
        var ids = texts.Select(text => Guid.TryParseExact(text, "D", out var id) ? id : (Guid?)null).ToList();
        if (ids.Contains(null))
        {
            errors.Add(new FieldError("scope", "The envs are a list of ids (UUID)."));
        }

        return [.. ids.OfType<Guid>()];
    }

    private static ScopeRole? Role(JsonObject? scope, List<FieldError> errors)
    {
        if (scope?["role"] is not { } given)
        {
            return null;
        }

        if (given is JsonValue value && value.TryGetValue<string>(out var text) && Enum.GetNames<ScopeRole>().Contains(text))
        {
            return Enum.Parse<ScopeRole>(text);
        }

        errors.Add(new FieldError("scope", $"The role is one of {string.Join(", ", Enum.GetNames<ScopeRole>())}."));
        return null;
    }

    private static List<string> Texts(JsonArray? list, string field, List<FieldError> errors)
    {
        var texts = (list ?? []).Select(item => item is JsonValue value && value.TryGetValue<string>(out var text) ? text : null)
            .ToList();
        if (texts.Contains(null))
        {
            errors.Add(new FieldError(field, "This must be a list of texts."));
        }

        return [.. texts.OfType<string>()];
    }
}

/// <param name="CreatedToken">Told this once.</param>
internal sealed record CreatedTokenResponse(Guid Id, string CreatedToken)
{
    /// <summary>Not to be kept on its way either.</summary>
    public static IResult Answer(HttpResponse response, string path, TokenResult result, string owner)
    {
        response.Headers.CacheControl = "no-store";
        return result switch
        {
            TokenResult.Created(var id, var text) =>
                TypedResults.Created($"/api/v2/{path}/{id}", new CreatedTokenResponse(id, text)),
            TokenResult.Refused(var why) => ApiProblem.Of(why, owner),
            _ => ApiProblem.NotFound(owner),
        };
    }
}
