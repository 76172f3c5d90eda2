using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Activity;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Web.Api;
using Platz.Web.SignIn;

namespace Platz.Web.Activity.Export;

/// <summary>
/// Where the Activity pages' export links lead: the query is theirs, and <c>env</c>, a name or an id, takes the place
/// of the page.
/// </summary>
internal static class ExportRoutes
{
    private const string EnvName = "env";

    public static void MapTaskExport(this IEndpointRouteBuilder routes)
    {
        Map("/tasks/export.csv", ExportFormat.Csv);
        Map("/tasks/export.ndjson", ExportFormat.NdJson);

        void Map(string path, ExportFormat format) => routes.MapGet(path,
            async ([AsParameters] Asked asked, TaskSearch search, TimeProvider clock, CancellationToken cancel) =>
                await ExportAsync(asked, new TaskSource(search, clock.GetUtcNow()), format, cancel))
            .RequireAuthorization();
    }

    private static async Task<IResult> ExportAsync(
        Asked asked, TaskSource source, ExportFormat format, CancellationToken cancel)
    {
        var query = ActivityQuery.Parse(asked.Request.QueryString.Value);
        if (Problems(asked.Request, query) is { Count: > 0 } problems)
        {
            return ApiProblem.Invalid(problems, StatusCodes.Status400BadRequest);
        }

        var name = asked.Request.Query[EnvName].ToString();
        var env = name.Length == 0 ? null : await asked.Envs.EnvAsync(name, cancel);
        var scope = await asked.Reads.ScopeAsync(asked.User.Actor, env?.Id, cancel);
        if (name.Length > 0 && (env is null || !scope.EnvNames.ContainsKey(env.Id)))
        {
            return ApiProblem.NotFound("env");
        }

        var bots = query.ByBots ? await asked.Choices.BotsAsync(cancel) : [];
        var filter = scope.Within(query.At(source.Now, TimeZoneInfo.Utc, bots));
        await AuditLog.AddAsync(
            asked.Databases,
            new AuditEntry(AuditAction.ExportTasks, AuditActor.Of(asked.User.Actor), new("file", null, "tasks"))
            {
                EnvId = env?.Id,
                Detail = new() { ["format"] = $"{format}", ["filter"] = asked.Request.QueryString.Value?.TrimStart('?') },
            }, cancel);
        return new TaskExport(source, scope, filter, format);
    }

    /// <summary>A page may leave out what it cannot read; a file would say nothing of it.</summary>
    private static List<FieldError> Problems(HttpRequest request, ActivityQuery query) =>
    [
        .. query.Problems,
        .. from name in new[] { ActivityQuery.TimeRange, ActivityQuery.By }
           let value = request.Query[name].ToString()
           where value.Length > 0 && !query.Has(name, value)
           select new FieldError(name, "There is no such choice."),
    ];

    private sealed record Asked(
        HttpRequest Request, ClaimsPrincipal User, EnvLookup Envs, ActivityReads Reads, FilterChoices Choices,
        IDbContextFactory<PlatzDb> Databases);
}
