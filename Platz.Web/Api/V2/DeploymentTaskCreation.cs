using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>
/// <c>POST /deployment-tasks</c>: the two operations that change no deployment. All others follow from a change of one.
/// </summary>
internal static class DeploymentTaskCreation
{
    public static async Task<IResult> CreateAsync(
        HttpRequest request, ClaimsPrincipal user, DeploymentCommands commands, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (body, badBody) = await ApiBody.ReadAsync(request, cancel);
        if (body is null)
        {
            return badBody!;
        }

        var (key, badKey) = await IdempotencyHeader.ReadAsync(request, user.Actor, body, cancel);
        if (badKey is not null)
        {
            return badKey;
        }

        var (deployment, at) = (body.RequiredId("deployment_id"), body.Time("execute_at"));
        var operation = body.Json("operation");
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var result = OperationOf(operation) switch
        {
            InvokeAction action => await commands.InvokeActionAsync(
                new ActionRequest(action.HelmChartId, action.ActionId, action.Body)
                {
                    DeploymentId = deployment,
                    ExecuteAt = at,
                    IdempotencyKey = key,
                },
                user.Actor, cancel),
            RestartK8sResource restart => await commands.RestartAsync(
                new RestartRequest(restart.ResourceId, restart.ResourceName)
                {
                    DeploymentId = deployment,
                    ExecuteAt = at,
                    IdempotencyKey = key,
                },
                user.Actor, cancel),
            null or UnreadableOperation => new SaveResult.Invalid(
                "operation", "This must be {\"InvokeAction\": …} or {\"RestartK8sResource\": …}, with all its fields."),
            _ => new SaveResult.Forbidden(
                "Only InvokeAction and RestartK8sResource are asked for here; change the deployment for anything else."),
        };
        return result is SaveResult.Saved(_, { } taskId)
            && await DeploymentTasksApi.ReadAsync(taskId, user.Actor, databases, cancel) is { } task
            ? TypedResults.Created($"/api/v2/deployment-tasks/{taskId}", task)
            : ApiProblem.Of(result, "deployment or resource");
    }

    private static Operation? OperationOf(JsonObject? json) =>
        json is null ? null : OperationJson.Parse(json.ToJsonString());
}
