using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Activity;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Activity.Export;
using Platz.Web.Api;
using Platz.Web.SignIn;

namespace Platz.Web.Audit;

/// <summary>Where the links of the audit page lead; the query is that of the page.</summary>
internal static class AuditExportRoutes
{
    /// <summary><c>with=tasks</c>: the tasks of the same envs, actor and time too.</summary>
    private const string With = "with";

    private const string Tasks = "tasks";

    public static void MapAuditExport(this IEndpointRouteBuilder routes)
    {
        Map("/audit/export.csv", ExportFormat.Csv);
        Map("/audit/export.ndjson", ExportFormat.NdJson);

        void Map(string path, ExportFormat format) => routes.MapGet(path,
            async ([AsParameters] Asked asked, ActivityReads activity, TaskSearch search, CancellationToken cancel) =>
                await ExportAsync(asked, new ExportedTasks(activity, search), format, cancel))
            .RequireAuthorization();
    }

    private static async Task<IResult> ExportAsync(
        Asked asked, ExportedTasks tasks, ExportFormat format, CancellationToken cancel)
    {
        var actor = asked.User.Actor;
        if (!(await asked.Rights.OfAsync(actor, envId: null, kindId: null, cancel)).Allows(Permission.ReadAudit))
        {
            return ApiProblem.Of(new SettingResult.Forbidden(Permission.EditSite), "file");
        }

        var text = asked.Request.QueryString.Value ?? "";
        var query = AuditQuery.Parse(text);
        var with = asked.Request.Query[With].ToString();
        if (query.Problems.Concat(Problems(with, query, format)).ToList() is { Count: > 0 } problems)
        {
            return ApiProblem.Invalid(problems, StatusCodes.Status400BadRequest);
        }

        await AuditLog.AddAsync(
            asked.Databases, new AuditEntry(AuditAction.ExportAudit, AuditActor.Of(actor), new("file", null, "audit trail"))
            {
                Detail = new() { ["format"] = $"{format}", ["filter"] = text.TrimStart('?') },
            }, cancel);
        var now = asked.Clock.GetUtcNow();
        var filter = query.At(now, TimeZoneInfo.Utc, env: null);
        return new AuditExport(asked.Reads, filter, now, format)
        {
            Tasks = with.Length > 0 ? await tasks.OfAsync(actor, filter, now, cancel) : null,
        };
    }

    private static IEnumerable<FieldError> Problems(string with, AuditQuery query, ExportFormat format) => with switch
    {
        "" => [],
        not Tasks => [new FieldError(With, "There is no such choice.")],
        _ when format is ExportFormat.Csv => [new FieldError(With, "A CSV file has rows of one kind: take NDJSON.")],
        _ when query.Filter is not { Action: null, Outcome: null } =>
            [new FieldError(With, "Tasks have neither action nor outcome: leave those out.")],
        _ => [],
    };

    private sealed record Asked(
        HttpRequest Request, ClaimsPrincipal User, AuditReads Reads, DeploymentRights Rights,
        IDbContextFactory<PlatzDb> Databases, TimeProvider Clock);
}
