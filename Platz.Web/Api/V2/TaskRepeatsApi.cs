using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>
/// A new task with what an earlier one had. All of the body may be left out: <c>execute_at</c> is when, <c>message</c> why,
/// for who reads the history, and <c>version</c> the deployment's as the caller knows it.
/// </summary>
internal static class TaskRepeatsApi
{
    private const int MessageLength = 10_000; // the rule for messages says more, and better

    public static void MapTaskRepeats(this IEndpointRouteBuilder api)
    {
        api.MapPost("/deployment-tasks/{id:guid}/retry", (Guid id, [AsParameters] Asked asked, CancellationToken cancel) =>
            RepeatAsync(Repeat.Retry, id, asked, cancel));
        api.MapPost("/deployment-tasks/{id:guid}/rollback", (Guid id, [AsParameters] Asked asked, CancellationToken cancel) =>
            RepeatAsync(Repeat.Rollback, id, asked, cancel));
    }

    private static async Task<IResult> RepeatAsync(Repeat repeat, Guid id, Asked asked, CancellationToken cancel)
    {
        var (key, badKey) = IdempotencyKey.Read(asked.Request);
        var (body, badBody) = await ApiBody.ReadOptionalAsync(asked.Request, cancel);
        if (body is null || badKey is not null)
        {
            return badKey ?? badBody!;
        }

        var wanted = new RepeatRequest(id)
        {
            ExecuteAt = body.Time("execute_at"),
            Message = body.Text("message", MessageLength),
            Version = body.Number("version"),
            IdempotencyKey = key,
        };
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var actor = asked.User.Actor;
        var result = repeat is Repeat.Retry
            ? await asked.Repeats.RetryAsync(wanted, actor, cancel)
            : await asked.Repeats.RollBackAsync(wanted, actor, cancel);
        return result is SaveResult.Saved(_, { } taskId)
            && await DeploymentTasksApi.ReadAsync(taskId, actor, asked.Databases, cancel) is { } task
            ? TypedResults.Created($"/api/v2/deployment-tasks/{taskId}", task)
            : ApiProblem.Of(result, "task");
    }

    private sealed record Asked(
        HttpRequest Request, ClaimsPrincipal User, TaskRepeats Repeats, IDbContextFactory<PlatzDb> Databases);
}
