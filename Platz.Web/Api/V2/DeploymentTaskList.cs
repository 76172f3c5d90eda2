using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Activity;
using Platz.Web.Api.OpenApi;
using Platz.Web.SignIn;

namespace Platz.Web.Api.V2;

/// <summary>
/// <c>GET /deployment-tasks</c>. <c>status</c>, <c>operation</c> and <c>actor</c> may be given several times, for any of
/// them. By <c>page</c> it counts what there is; by <c>cursor</c>, empty at first, it goes on behind the last task it
/// gave, so that none is given twice or left out while others are added.
/// </summary>
internal static class DeploymentTaskList
{
    private const string Cursor = "cursor";

    public static void DocumentsList(this RouteHandlerBuilder route) => route
        .Documents("allDeploymentTasks", DeploymentTasksApi.Tag,
            "The tasks of the envs that you see, the newest first.")
        .Query(
            Field.Id("cluster_id"), Field.Id("deployment_id"), Field.Id("env_id"), Field.Id("kind_id"),
            Field.Many("status", Shape.OneOf<DeploymentTaskStatus>()),
            Field.Many("operation", Shape.OneOf(OperationJson.Kinds)),
            Field.Many("actor", Shape.Text(), "user:ID, bot:ID or deployment:ID."),
            Field.Id("acting_user_id"), Field.Id("acting_bot_id"), Field.Id("acting_deployment_id"),
            Field.Time("created_from"), Field.Time("created_to", "The first moment that is too late."),
            Field.Text("q", "A part of the summary of the reason."), Field.Flag("active_only", "Pending or Started."),
            Field.Flag("show_future", "Also those whose time has not come; true unless given."),
            Field.Text("cursor", "Empty at first, then next_cursor: the answer has that in place of page and num_total."))
        .AnswersList<DeploymentTaskResponse>();

    public static async Task<IResult> ListAsync(
        HttpRequest request, ClaimsPrincipal user, TaskSearch search, IDbContextFactory<PlatzDb> databases,
        CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, user.Actor, cancel);
        var query = new ApiQuery(request);
        var filter = Filter(query, request.Query) with { EnvIds = grants.Visible };
        filter = query.Id("kind_id") is { } kind ? filter with { KindNames = [await NameAsync(db, kind, cancel)] } : filter;
        var paging = query.Paging();
        var behind = request.Query.ContainsKey(Cursor) ? Behind(query) : null;
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (request.Query.ContainsKey(Cursor))
        {
            var slice = await search.SliceAsync(filter, behind, paging.PerPage, cancel);
            var next = slice.Next?.ToString();
            return new ListAnswer<TaskSliceResponse>(
                new(paging.PerPage, await ResponsesAsync(db, grants, slice.Items, cancel), next), Cursor, next);
        }

        var (items, total) = await search.FindAsync(filter, paging.Skip, paging.PerPage, cancel);
        return paging.Answer(await ResponsesAsync(db, grants, items, cancel), total);
    }

    private static TaskFilter Filter(ApiQuery query, IQueryCollection given)
    {
        // What the pages' addresses hold too is read by the same rules.
        var read = TaskFilterQuery.Parse(
        [
            new(TaskFilterQuery.Status, given["status"]), new(TaskFilterQuery.Operation, given["operation"]),
            new(TaskFilterQuery.Actor, Actors(given)), new(TaskFilterQuery.Text, given["q"]),
        ]);
        query.Add(read.Problems.Select(p => p.Field is TaskFilterQuery.Operation ? p with { Field = "operation" } : p));
        return read.Filter with
        {
            DeploymentIds = query.Id("deployment_id") is { } deployment ? [deployment] : [],
            ClusterIds = query.Id("cluster_id") is { } cluster ? [cluster] : [],
            EnvId = query.Id("env_id"),
            CreatedFrom = query.Time("created_from"),
            CreatedTo = query.Time("created_to"),
            ActiveOnly = query.Flag("active_only") ?? false,
            ShowFuture = query.Flag("show_future") ?? true,
        };
    }

    /// <summary><c>actor=bot:ID</c>, or <c>acting_bot_id=ID</c> as the field of a task is called.</summary>
    private static StringValues Actors(IQueryCollection given) => new(
    [
        .. given["actor"],
        .. given["acting_user_id"].Select(id => $"user:{id}"),
        .. given["acting_bot_id"].Select(id => $"bot:{id}"),
        .. given["acting_deployment_id"].Select(id => $"deployment:{id}"),
    ]);

    /// <summary>A kind that does not exist has no tasks; no kind is called like an id.</summary>
    private static async Task<string> NameAsync(PlatzDb db, Guid kind, CancellationToken cancel) =>
        await db.Kinds.Where(k => k.Id == kind).Select(k => k.Name).SingleOrDefaultAsync(cancel) ?? kind.ToString();

    private static TaskCursor? Behind(ApiQuery query)
    {
        if (query.Text("page") is not null)
        {
            query.Add([new FieldError(Cursor, "Give cursor or page, not both.")]);
        }

        var text = query.Text(Cursor);
        if (!TaskCursor.TryParse(text, out var behind) && text is not null)
        {
            query.Add([new FieldError(Cursor, "This must be empty, or the next_cursor of an earlier answer.")]);
        }

        return behind;
    }

    private static async Task<IReadOnlyList<DeploymentTaskResponse>> ResponsesAsync(
        PlatzDb db, Grants grants, IReadOnlyList<DeploymentTask> tasks, CancellationToken cancel)
    {
        var ids = tasks.Select(t => t.DeploymentId).ToList();
        var kinds = await db.Deployments.Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, d => d.KindId, cancel);
        return [.. tasks.Select(t => DeploymentTaskResponse.From(t, grants.In(t.EnvId, kinds[t.DeploymentId])))];
    }
}

/// <param name="Items">May be fewer than asked for, even none, where what matches is rare: go on with the cursor.</param>
/// <param name="NextCursor">Null at the end.</param>
internal sealed record TaskSliceResponse(int PerPage, IReadOnlyList<DeploymentTaskResponse> Items, string? NextCursor);
