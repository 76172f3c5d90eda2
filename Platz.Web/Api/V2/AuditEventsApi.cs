using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Api.OpenApi;
using Platz.Web.Audit;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>
/// <c>GET /audit-events</c>: what happened and is no task, the newest first, by cursor alone: site admins read all of it,
/// Admins of envs what concerns theirs.
/// </summary>
internal static class AuditEventsApi
{
    private const string Cursor = "cursor";

    public static void MapAuditEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit-events", ListAsync)
            .Documents("allAuditEvents", "Audit Events",
                "What happened and is no task, of all for site admins, else of the envs that one is an Admin of.")
            .Query(
                Field.Id("env_id"), Field.Id("actor_id"),
                Field.Text("action", "One of them, or with a dot at its end (Secret.) all that begin so."),
                Field.OneOf("outcome", Enum.GetNames<AuditOutcome>()), Field.Time("from"),
                Field.Time("to", "The first moment that is too late."),
                Field.Text(Cursor, "Empty at first, then next_cursor."),
                Field.Number("per_page", "At most 500; more than that means 500."))
            .Answers<AuditEventsResponse>().IsOurs();

    private static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, AuditReads reads, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var filter = Filter(query);
        var (before, perPage) = (query.Number(Cursor, least: 1, long.MaxValue), query.PerPage());
        if (query.Problem is { } problem)
        {
            return problem;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, user.Actor, cancel);
        if (Refusal(grants, filter.EnvId) is { } refusal)
        {
            return refusal;
        }

        var slice = await reads.SliceAsync(filter with { EnvIds = Readable(grants) }, before, perPage, cancel);
        var next = slice.Next?.ToString(CultureInfo.InvariantCulture);
        return new ListAnswer<AuditEventsResponse>(
            new(perPage, [.. slice.Events.Select(AuditEventResponse.From)], next), Cursor, next);
    }

    private static AuditFilter Filter(ApiQuery query)
    {
        var action = query.Text("action");
        if (action is not null && !AuditQuery.IsAction(action))
        {
            query.Add([new FieldError("action", "There is no such action, and none that begins so.")]);
        }

        return new AuditFilter
        {
            EnvId = query.Id("env_id"),
            ActorId = query.Id("actor_id"),
            Action = action,
            Outcome = query.Choice<AuditOutcome>("outcome"),
            From = query.Time("from"),
            To = query.Time("to"),
        };
    }

    private static ApiProblem? Refusal(Grants grants, Guid? env) => (env, Readable(grants)) switch
    {
        (null, []) => ApiProblem.Of(new SettingResult.Forbidden(Permission.ReadAudit), "event"),
        ({ } id, _) when grants.In(id, kindId: null) is Standing.None => ApiProblem.NotFound("env"),
        ({ } id, { } readable) when !readable.Contains(id) =>
            ApiProblem.Of(new SettingResult.Forbidden(Permission.ReadAudit), "event"),
        _ => null,
    };

    /// <summary>Null for all, and for what belongs to none.</summary>
    private static IReadOnlyList<Guid>? Readable(Grants grants) => grants.Visible is { } visible
        ? [.. visible.Where(env => grants.In(env, kindId: null).Allows(Permission.ReadAudit))]
        : null;
}

/// <param name="NextCursor">Null at the end.</param>
internal sealed record AuditEventsResponse(int PerPage, IReadOnlyList<AuditEventResponse> Items, string? NextCursor);

/// <param name="Previous">The hash of the event before, in hexadecimal digits.</param>
internal sealed record AuditEventResponse(
    long Seq, DateTimeOffset At, string ActorKind, Guid? ActorId, string ActorName, string Action, string Outcome,
    string SubjectKind, Guid? SubjectId, string SubjectName, Guid? EnvId, JsonObject Detail,
    string? Ip, Guid? TokenId, string ChainDay, string Previous, string Hash)
{
    public static AuditEventResponse From(AuditEvent e) => new(
        e.Seq, e.At, $"{e.ActorKind}", e.ActorId, e.ActorName, e.Action, $"{e.Outcome}", e.SubjectKind, e.SubjectId,
        e.SubjectName, e.EnvId, e.Detail, e.Ip?.ToString(), e.TokenId, e.ChainDay.ToString("O", CultureInfo.InvariantCulture),
        Convert.ToHexStringLower(e.Previous), Convert.ToHexStringLower(e.Hash));
}
