using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using static Platz.Core.Tasks.TaskAspect;

namespace Platz.Core.Tasks;

/// <summary>
/// Chooses the indexes by which a filter is answered. The planner would have to guess how rare a combination is, and
/// guesses wrong where it hurts: it walks a million entries for the ten that match. Here a look at each index says
/// which part of it is shortest.
/// </summary>
internal sealed class TaskPaths(PlatzDb db)
{
    /// <summary>Parts that are merged; planning takes some 50 µs for each.</summary>
    private const int MostBranches = 200;

    /// <summary>A part of an index that is shorter is taken whole; longer ones are as good as each other.</summary>
    private const int Short = 20_000;

    /// <summary>So many texts that match, by the planner's statistics, are fetched by trigrams and sorted.</summary>
    private const int FewTexts = 10_000;

    /// <param name="behind">Only what is older.</param>
    /// <param name="since">Only what is newer.</param>
    /// <returns>Null where nothing can match.</returns>
    public async Task<TaskWalk?> ChooseAsync(
        TaskFilter filter, DateTimeOffset now, TaskCursor? behind, DateTimeOffset? since, CancellationToken cancel)
    {
        var about = new TaskConditions(
            filter, await EnvsAsync(filter, cancel), await DeploymentsAsync(filter, cancel), now);
        if (about.AreImpossible)
        {
            return null;
        }

        var range = about.Range(behind, since);
        var path = await ShortestAsync(about, range, cancel);
        var rest = about.Aspects.Except(path.Answers).ToList();
        return new TaskWalk
        {
            Branches = [.. path.Branches.Select(b => b with { Where = b.Where + range })],
            Rest = [.. rest.Select(about.Of)],
            Columns = [.. rest.Select(TaskConditions.Column).OfType<string>()],
            Values = about.Values,
        };
    }

    /// <summary>Those that are Pending or Started, in no order; from the queue, which is small.</summary>
    public async Task<IQueryable<DeploymentTask>> LiveAsync(
        TaskFilter filter, DateTimeOffset now, CancellationToken cancel) =>
        await ChooseAsync(filter with { ActiveOnly = true }, now, null, null, cancel) is { } walk
            ? db.Tasks.FromSqlRaw(walk.Rows(), walk.Values.Parameters()).AsNoTracking()
            : db.Tasks.Where(_ => false);

    /// <summary>The newest that match, as the indexes tell of them; what is looked at is bounded as for pages.</summary>
    public async Task<IQueryable<NewestTask>> NewestAsync(
        TaskFilter filter, DateTimeOffset now, int most, CancellationToken cancel) =>
        await ChooseAsync(filter, now, null, null, cancel) is { } walk
            ? db.Database.SqlQueryRaw<NewestTask>(walk.Newest(most), walk.Values.Parameters())
            : db.Tasks.Where(_ => false).Select(t => new NewestTask(t.DeploymentId, t.CreatedAt, false));

    private async Task<TaskPath> ShortestAsync(TaskConditions about, string range, CancellationToken cancel)
    {
        if (about.QueueStates is not null && about.Statuses.All(s => !s.IsTerminal))
        {
            return TaskPath.Queue(about);
        }

        if (about.Text is not null)
        {
            return TaskPath.ByDeployment(about, MostBranches)
                ?? (await FewMatchAsync(about, cancel) ? TaskPath.ByTrigrams(about) : TaskPath.ByEnv(about));
        }

        var paths = TaskPath.Of(about, MostBranches).ToList();
        if (paths is [] or [{ IsInOrder: true }])
        {
            return paths.FirstOrDefault() ?? TaskPath.ByEnv(about);
        }

        var lengths = await LengthsAsync(paths, about.Values, range, cancel);
        var (shortest, length) = paths.Zip(lengths).MinBy(p => p.Second);
        return length <= Short ? shortest : paths.Find(p => p.IsInOrder) ?? TaskPath.ByEnv(about);
    }

    /// <summary>How many entries each path has, as far as that matters; in one round trip.</summary>
    private async Task<List<long>> LengthsAsync(
        List<TaskPath> paths, SqlValues values, string range, CancellationToken cancel)
    {
        var counts = paths.Select(path =>
        {
            var branches = path.Branches.Select(b => $"(SELECT FROM {b.All}{range}{path.Order} LIMIT {Short + 1})");
            var all = string.Join(" UNION ALL ", branches);
            return $"(SELECT count(*) FROM (SELECT FROM ({all}) AS entries LIMIT {Short + 1}) AS counted)";
        });
        var sql = $"""SELECT unnest(ARRAY[{string.Join(", ", counts)}]) AS "Value" """;
        return await db.Database.SqlQueryRaw<long>(sql, values.Parameters()).ToListAsync(cancel);
    }

    /// <summary>Whether trigrams can find the text, and the statistics expect few that have it.</summary>
    private async Task<bool> FewMatchAsync(TaskConditions about, CancellationToken cancel)
    {
        if (!TaskPath.HasTrigram(about.Text!))
        {
            return false;
        }

        var estimate = $"EXPLAIN SELECT FROM deployment_tasks AS t WHERE {about.Of(Text)}";
        await using var command = db.Database.GetDbConnection().CreateCommand();
        await db.Database.OpenConnectionAsync(cancel);
        command.CommandText = estimate;
        command.Parameters.AddRange(about.Values.Parameters());
        var plan = (string)(await command.ExecuteScalarAsync(cancel))!;
        return TaskPath.RowsOf(plan) <= FewTexts;
    }

    private async Task<IReadOnlyList<Guid>> EnvsAsync(TaskFilter filter, CancellationToken cancel) => filter switch
    {
        { EnvId: { } env } => filter.EnvIds is null || filter.EnvIds.Contains(env) ? [env] : [],
        { EnvIds: { } visible } => [.. visible.Distinct()],
        _ => await db.Envs.Select(e => e.Id).ToListAsync(cancel),
    };

    private async Task<IReadOnlyList<Guid>?> DeploymentsAsync(TaskFilter filter, CancellationToken cancel)
    {
        var (kinds, named) = (filter.KindNames, filter.DeploymentIds.Distinct().ToList());
        if (kinds.Count == 0)
        {
            return named.Count == 0 ? null : named;
        }

        return await (
            from deployment in db.Deployments
            join kind in db.Kinds on deployment.KindId equals kind.Id
            where kinds.Contains(kind.Name) && (named.Count == 0 || named.Contains(deployment.Id))
            select deployment.Id).ToListAsync(cancel);
    }
}

internal sealed record NewestTask(Guid DeploymentId, DateTimeOffset CreatedAt, bool Failed);
