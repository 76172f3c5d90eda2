using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>A new task with what an earlier one had. All of the body may be left out.</summary>
internal static class TaskRepeatsApi
{
    private const int MessageLength = 10_000; // the rule for messages says more, and better

    private static readonly FieldDoc[] s_body =
    [
        Field.Time("execute_at", "Not before this time."), Field.Text("message", "Why, for who reads the history."),
        Field.Number("version", "That of the deployment as the caller knows it; another one is refused."),
    ];

    public static void MapTaskRepeats(this IEndpointRouteBuilder api)
    {
        api.MapPost("/deployment-tasks/{id:guid}/retry",
            (Guid id, [AsParameters] Asked asked, CancellationToken cancel) => RepeatAsync(Repeat.Retry, id, asked, cancel))
            .Documents("retryDeploymentTask", DeploymentTasksApi.Tag,
                "Does a failed or canceled task again: a new task, with the same inputs.")
            .Body(s_body).Answers<DeploymentTaskResponse>(StatusCodes.Status201Created).IsOurs();
        api.MapPost("/deployment-tasks/{id:guid}/rollback",
            (Guid id, [AsParameters] Asked asked, CancellationToken cancel) => RepeatAsync(Repeat.Rollback, id, asked, cancel))
            .Documents("rollBackToDeploymentTask", DeploymentTasksApi.Tag, "Upgrades to what this task has installed.")
            .Body(s_body).Answers<DeploymentTaskResponse>(StatusCodes.Status201Created).IsOurs();
    }

    private static async Task<IResult> RepeatAsync(Repeat repeat, Guid id, Asked asked, CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadOptionalAsync(asked.Request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var actor = asked.User.Actor;
        var (key, badKey) = await IdempotencyHeader.ReadAsync(asked.Request, actor, body, cancel);
        if (badKey is not null)
        {
            return badKey;
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
