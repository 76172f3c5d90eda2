using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

internal static class DeploymentTasksApi
{
    public const string Tag = "Deployment Tasks";
    private const int ReasonLength = 2_000;

    public static void MapDeploymentTasks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deployment-tasks", DeploymentTaskList.ListAsync)
            .DocumentsList();
        api.MapGet("/deployment-tasks/{id:guid}", GetAsync)
            .Documents("getDeploymentTask", Tag, "One task.")
            .Answers<DeploymentTaskResponse>();
        api.MapPost("/deployment-tasks", DeploymentTaskCreation.CreateAsync)
            .Documents("createDeploymentTask", Tag,
                "Invokes an action of the chart, or restarts what runs: InvokeAction and RestartK8sResource.")
            .Body(
                Field.Id("deployment_id").Needed, Field.Of("operation", "DeploymentTaskOperation").Needed,
                Field.Time("execute_at", "Not before this time."))
            .Answers<DeploymentTaskResponse>(StatusCodes.Status201Created);
        api.MapDelete("/deployment-tasks/{id:guid}", CancelAsync)
            .Documents("cancelDeploymentTask", Tag,
                "Cancels a task that waits; asks one that runs to stop between its phases.")
            .Body(Field.Text("reason"))
            .Answers<DeploymentTaskResponse>()
            .IsOurs();
    }

    /// <summary>The task, where the caller may see it.</summary>
    public static async Task<DeploymentTaskResponse?> ReadAsync(
        Guid id, Actor actor, IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await FindAsync(id, actor, databases, cancel) is var (task, standing)
            ? DeploymentTaskResponse.From(task, standing)
            : null;

    /// <returns>Null where the caller may see no such task.</returns>
    public static async Task<(DeploymentTask Task, Standing Standing)?> FindAsync(
        Guid id, Actor actor, IDbContextFactory<PlatzDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await (
            from t in db.Tasks.AsNoTracking()
            join d in db.Deployments on t.DeploymentId equals d.Id
            where t.Id == id
            select new { Task = t, d.KindId }).SingleOrDefaultAsync(cancel);
        var standing = found is null
            ? Standing.None
            : await Access.OfAsync(db, actor, found.Task.EnvId, found.KindId, cancel);
        return standing is Standing.None ? null : (found!.Task, standing);
    }

    private static async Task<IResult> GetAsync(
        Guid id, ClaimsPrincipal user, IDbContextFactory<PlatzDb> databases, CancellationToken cancel) =>
        await ReadAsync(id, user.Actor, databases, cancel) is { } task
            ? TypedResults.Ok(task)
            : ApiProblem.NotFound("task");

    private static async Task<IResult> CancelAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, TaskQueue queue, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        var (reason, problem) = await ReasonAsync(request, cancel);
        if (problem is not null)
        {
            return problem;
        }

        return await queue.CancelAsync(id, user.Actor, reason, cancel) switch
        {
            CancelOutcome.Canceled or CancelOutcome.StopRequested => await GetAsync(id, user, databases, cancel),
            CancelOutcome.AlreadyRequested => ApiProblem.Conflict("Somebody has asked to cancel this task already."),
            CancelOutcome.AlreadyFinished => ApiProblem.Conflict("The task has finished already."),
            CancelOutcome.Forbidden => new ApiProblem(
                StatusCodes.Status403Forbidden,
                $"This needs whoever asked for the task, or {Access.Needs(Permission.CancelTask)}."),
            _ => ApiProblem.NotFound("task"),
        };
    }

    /// <summary>A cancel may come with a body, <c>{"reason": …}</c>, or without one.</summary>
    private static async Task<(string? Reason, ApiProblem? Problem)> ReasonAsync(
        HttpRequest request, CancellationToken cancel)
    {
        var (body, problem) = await ApiBody.ReadOptionalAsync(request, cancel);
        var reason = body?.Text("reason", ReasonLength);
        return (reason, problem ?? body?.Problem);
    }
}
