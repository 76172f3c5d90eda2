using System.Security.Claims;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>
/// <c>GET /deployment-tasks/{id}/log</c>: what is kept of a task's output, as text or, with <c>format=ndjson</c> or that
/// content type accepted, a JSON object each line. <c>tail=N</c> begins with the last N lines, <c>after=SEQ</c> behind a
/// line; <c>follow=true</c> goes on until the task has ended.
/// </summary>
internal static class TaskLogApi
{
    private const string Text = "text";
    private const string NdJson = "ndjson";
    private const int MostTail = 100_000;

    public static void MapTaskLog(this IEndpointRouteBuilder api) =>
        api.MapGet("/deployment-tasks/{id:guid}/log", GetAsync).WithMetadata(new DisableRequestTimeoutAttribute())
            .Documents("getDeploymentTaskLog", DeploymentTasksApi.Tag,
                "What is kept of a task's output, followed to its end on demand.")
            .Query(
                Field.OneOf("format", [Text, NdJson], "By default what is accepted."),
                Field.Number("after", "Begins behind the line of this number."),
                Field.Number("tail", "Begins with the last so many lines."),
                Field.Flag("follow", "Goes on until the task has ended, with an empty line in each long silence."))
            .AnswersMedia("text/plain", LogPrinter.NdJson).IsOurs();

    private static async Task<IResult> GetAsync(
        Guid id, HttpRequest request, [AsParameters] Asked asked, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var format = query.Word("format", Text, NdJson);
        var wanted = new LogRequest(
            IsJson: format is NdJson || (format is null && TakesJson(request)),
            query.Number("after", least: 0, long.MaxValue - 1), (int?)query.Number("tail", least: 0, MostTail));
        var follows = query.Flag("follow") ?? false;
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (await DeploymentTasksApi.FindAsync(id, asked.User.Actor, asked.Databases, cancel) is not var (task, _))
        {
            return ApiProblem.NotFound("task");
        }

        return (follows, wanted) switch
        {
            (true, _) => new TaskLogFollow(task, wanted, asked.Followers),
            (_, { IsJson: false, After: null, Tail: null }) =>
                new TaskLogDownload(asked.Log, id, lines: null, plain: false),
            _ => new TaskLogPart(asked.Log, id, wanted),
        };
    }

    private static bool TakesJson(HttpRequest request) => request.GetTypedHeaders().Accept.Any(type =>
        type.MediaType.Equals(LogPrinter.NdJson, StringComparison.OrdinalIgnoreCase));

    private sealed record Asked(
        ClaimsPrincipal User, TaskLog Log, LogFollowers Followers, IDbContextFactory<PlatzDb> Databases);
}

/// <param name="After">Begins behind this line; null from the first.</param>
/// <param name="Tail">Begins with the last so many lines; null with all.</param>
internal sealed record LogRequest(bool IsJson, long? After, int? Tail)
{
    /// <summary>The line behind which to begin.</summary>
    public async Task<long> StartAsync(TaskLog log, Guid taskId, CancellationToken cancel)
    {
        var after = After ?? 0;
        if (Tail is not { } count)
        {
            return after;
        }

        var last = await log.TailAsync(taskId, Math.Max(1, count), cancel);
        return last.Lines switch
        {
            [] => after,
            [.., var end] when count == 0 => Math.Max(after, end.Seq),
            [var first, ..] => Math.Max(after, first.Seq - 1),
        };
    }
}

/// <summary>What is kept at this moment, sent as it is read, so its size does not matter.</summary>
internal sealed class TaskLogPart(TaskLog log, Guid taskId, LogRequest wanted) : IResult
{
    private const int LinesAtOnce = 2_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancel = httpContext.RequestAborted;
        var printer = new LogPrinter(httpContext.Response, wanted.IsJson, await wanted.StartAsync(log, taskId, cancel));
        while (await log.AfterAsync(taskId, printer.Seq, LinesAtOnce, cancel) is { Lines: { Count: > 0 } lines })
        {
            await printer.WriteAsync(lines.Select(LogLineResponse.From), cancel);
        }
    }
}
