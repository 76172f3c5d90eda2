using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Activity.Export;
using Platz.Web.Api;
using Platz.Web.SignIn;

namespace Platz.Web.Audit;

/// <summary>Where the links of the audit page lead; the query is that of the page.</summary>
internal static class AuditExportRoutes
{
    public static void MapAuditExport(this IEndpointRouteBuilder routes)
    {
        Map("/audit/export.csv", ExportFormat.Csv);
        Map("/audit/export.ndjson", ExportFormat.NdJson);

        void Map(string path, ExportFormat format) => routes.MapGet(path,
            async ([AsParameters] Asked asked, CancellationToken cancel) => await ExportAsync(asked, format, cancel))
            .RequireAuthorization();
    }

    private static async Task<IResult> ExportAsync(Asked asked, ExportFormat format, CancellationToken cancel)
    {
        var actor = asked.User.Actor;
        if (!(await asked.Rights.OfAsync(actor, envId: null, kindId: null, cancel)).Allows(Permission.ReadAudit))
        {
            return ApiProblem.Of(new SettingResult.Forbidden(Permission.EditSite), "file");
        }

        var text = asked.Request.QueryString.Value ?? "";
        var query = AuditQuery.Parse(text);
        if (query.Problems is { Count: > 0 } problems)
        {
            return ApiProblem.Invalid(problems, StatusCodes.Status400BadRequest);
        }

        await AuditLog.AddAsync(
            asked.Databases, new AuditEntry(AuditAction.ExportAudit, AuditActor.Of(actor), new("file", null, "audit trail"))
            {
                Detail = new() { ["format"] = $"{format}", ["filter"] = text.TrimStart('?') },
            }, cancel);
        var now = asked.Clock.GetUtcNow();
        return new AuditExport(asked.Reads, query.At(now, TimeZoneInfo.Utc, env: null), now, format);
    }

    private sealed record Asked(
        HttpRequest Request, ClaimsPrincipal User, AuditReads Reads, DeploymentRights Rights,
        IDbContextFactory<PlatzDb> Databases, TimeProvider Clock);
}
