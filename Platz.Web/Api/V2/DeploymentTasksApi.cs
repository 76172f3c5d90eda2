using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Platz.Core.Tasks;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class DeploymentTasksApi
{
    private const int ReasonLength = 2_000;

    public static void MapDeploymentTasks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deployment-tasks", ListAsync);
        api.MapGet("/deployment-tasks/{id:guid}", GetAsync);
        api.MapDelete("/deployment-tasks/{id:guid}", CancelAsync);
        api.MapGet("/deployment-tasks/{id:guid}/log", LogAsync);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, TaskSearch search, CancellationToken cancel)
    {
        var query = new ApiQuery(request);
        var filter = new TaskFilter
        {
            DeploymentId = query.Id("deployment_id"),
            ClusterId = query.Id("cluster_id"),
            EnvId = query.Id("env_id"),
            Status = query.Choice<DeploymentTaskStatus>("status"),
            CreatedFrom = query.Time("created_from"),
            ActiveOnly = query.Flag("active_only") ?? false,
            ShowFuture = query.Flag("show_future") ?? true,
        };
        var paging = query.Paging();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var (items, total) = await search.FindAsync(filter, paging.Skip, paging.PerPage, cancel);
        return paging.Answer([.. items.Select(DeploymentTaskResponse.From)], total);
    }

    private static async Task<IResult> GetAsync(Guid id, TaskHistory history, CancellationToken cancel) =>
        await history.FindAsync(id, cancel) is { } task
            ? TypedResults.Ok(DeploymentTaskResponse.From(task))
            : ApiProblem.NotFound("task");

    private static async Task<IResult> CancelAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, TaskQueue queue, TaskHistory history,
        CancellationToken cancel)
    {
        var (reason, problem) = await ReasonAsync(request, cancel);
        if (problem is not null)
        {
            return problem;
        }

        return await queue.CancelAsync(id, user.Actor, reason, cancel) switch
        {
            CancelOutcome.Canceled or CancelOutcome.StopRequested => await GetAsync(id, history, cancel),
            CancelOutcome.AlreadyRequested => ApiProblem.Conflict("Somebody has asked to cancel this task already."),
            CancelOutcome.AlreadyFinished => ApiProblem.Conflict("The task has finished already."),
            _ => ApiProblem.NotFound("task"),
        };
    }

    /// <summary>A cancel may come with a body, <c>{"reason": …}</c>, or without one.</summary>
    private static async Task<(string? Reason, ApiProblem? Problem)> ReasonAsync(
        HttpRequest request, CancellationToken cancel)
    {
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return (null, null);
        }

        var (body, problem) = await ApiBody.ReadAsync(request, cancel);
        var reason = body?.Text("reason", ReasonLength);
        return (reason, problem ?? body?.Problem);
    }

    private static async Task<IResult> LogAsync(Guid id, TaskHistory history, TaskLog log, CancellationToken cancel) =>
        await history.FindAsync(id, cancel) is null ? ApiProblem.NotFound("task") : new TaskLogDownload(log, id);
}
