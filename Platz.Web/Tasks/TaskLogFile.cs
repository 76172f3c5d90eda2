using Microsoft.AspNetCore.Http.HttpResults;
using Platz.Core.Tasks;
using Platz.Web.Api.V2;

namespace Platz.Web.Tasks;

/// <summary>Where the pages' download links lead: plain HTTP, so that no circuit carries a whole log.</summary>
internal static class TaskLogFile
{
    public static void MapTaskLogFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/tasks/{taskId:guid}/log.txt", DownloadAsync).RequireAuthorization();

    private static async Task<Results<NotFound, TaskLogDownload>> DownloadAsync(
        Guid taskId, TaskHistory history, TaskLog log, CancellationToken cancel) =>
        await history.FindAsync(taskId, cancel) is null ? TypedResults.NotFound() : new TaskLogDownload(log, taskId);
}
