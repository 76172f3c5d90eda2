using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Api.V2;
using Platz.Web.SignIn;
using Platz.Web.Tasks.Logs;

namespace Platz.Web.Tasks;

/// <summary>Where the pages' download links lead: plain HTTP, so that no circuit carries a whole log.</summary>
internal static class TaskLogFile
{
    public static void MapTaskLogFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/tasks/{taskId:guid}/log.txt", DownloadAsync).RequireAuthorization();

    private static async Task<Results<NotFound, TaskLogDownload>> DownloadAsync(
        [AsParameters] Wanted wanted, TaskHistory history, DeploymentRights rights, TaskLog log, ClaimsPrincipal user)
    {
        var cancel = wanted.Cancel;
        if (await history.FindAsync(wanted.TaskId, cancel) is not { } task
            || await rights.OfAsync(user.Actor, task.EnvId, null, cancel) is Standing.None)
        {
            return TypedResults.NotFound();
        }

        var lines = LineRange.Parse(wanted.Line) is { } range ? (range.First, range.Last) : ((long, long)?)null;
        return new TaskLogDownload(log, task.Id, lines, wanted.Plain ?? false);
    }

    /// <param name="Line">A line or a range of lines, as the page's address has it; all without it.</param>
    /// <param name="Plain">Without the escape sequences of colours.</param>
    private sealed record Wanted(Guid TaskId, string? Line, bool? Plain, CancellationToken Cancel);
}
