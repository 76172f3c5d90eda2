using CsCheck;
using Microsoft.EntityFrameworkCore;
using Platz.Bench.Seed;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Core.Tasks;

/// <summary>Whatever path is chosen, it leads to what a look at every task would find.</summary>
public sealed class TaskWalkTests(TaskWalkTests.Some some) : IClassFixture<TaskWalkTests.Some>
{
    private const int Filters = 100;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_filter_finds_what_a_look_at_all_tasks_finds()
    {
        var world = await World.ReadAsync(some);
        await Any(world).SampleAsync(async asked =>
        {
            var (filter, number) = asked;
            var expected = world.Tasks.Where(t => world.Matches(t, filter)).ToList();

            var page = await some.History.PageAsync(filter, number, Cancel);

            Assert.Equal((expected.Count, false, null), (page.Total, page.HasMore, page.SearchedTo));
            Assert.Equal(Math.Clamp(number, 1, page.Pages), page.Number);
            Assert.Equal(Ids(expected.Skip((page.Number - 1) * 10).Take(10)), Ids(page.Items));
            Assert.Equal(expected.FirstOrDefault()?.CreatedAt, page.Newest);
            var (items, total) = await some.Search.FindAsync(filter, 7, 20, Cancel);
            Assert.Equal((expected.Count, Ids(expected.Skip(7).Take(20))), (total, Ids(items)));
        }, iter: Filters, threads: 1);
    }

    [Fact]
    public async Task Where_a_search_ends_early_it_says_how_far_it_came()
    {
        var world = await World.ReadAsync(some);
        var byId = world.Tasks.ToDictionary(t => t.Id);
        await using var db = await some.OpenAsync();
        await Any(world).SampleAsync(async asked =>
        {
            var filter = asked.Filter;
            if (await new TaskPaths(db).ChooseAsync(filter, world.Now, null, null, Cancel) is not { IsWhole: false } walk)
            {
                return;
            }

            var bounded = walk with { Bound = 37 };
            var everything = walk with { Rest = [] };
            var entries = (await ReadAsync<FoundEntry>(everything, w => w.Slice(37))).ConvertAll(e => byId[e.Id]);
            var expected = entries.Where(t => world.Matches(t, filter)).ToList();

            var found = await ReadAsync<FoundTask>(bounded, w => w.Page(0, 10, TaskHistory.CountLimit));

            Assert.Equal((long)expected.Count, found[0].Total);
            Assert.Equal(expected.FirstOrDefault()?.CreatedAt, found[0].Newest);
            Assert.Equal(entries.Count == 37 ? entries[^1].CreatedAt : null, found[0].SearchedTo);
            Assert.Equal(Ids(expected.Take(10)), string.Join('\n', found.Select(f => f.Id).OfType<Guid>()));
            var slice = await ReadAsync<FoundEntry>(bounded, w => w.Slice(10));
            Assert.Equal(
                Ids(expected.Take(10)), Ids(slice.Where(e => e.Matches).Select(e => byId[e.Id])));
        }, iter: Filters, threads: 1);

        Task<List<T>> ReadAsync<T>(TaskWalk walk, Func<TaskWalk, string> sql) =>
            db.Database.SqlQueryRaw<T>(sql(walk), walk.Values.Parameters()).ToListAsync(Cancel);
    }

    [Fact]
    public async Task Part_by_part_a_list_gives_everything_once()
    {
        var world = await World.ReadAsync(some);
        await Any(world).SampleAsync(async asked =>
        {
            var filter = asked.Filter;
            var (found, next) = (new List<DeploymentTask>(), (TaskCursor?)null);
            do
            {
                Assert.True(next is null || TaskCursor.TryParse(next.ToString(), out var same) && same == next);
                (var items, next) = await some.Search.SliceAsync(filter, next, 97, Cancel);
                found.AddRange(items);
            }
            while (next is not null);

            Assert.Equal(Ids(world.Tasks.Where(t => world.Matches(t, filter))), Ids(found));
        }, iter: 20, threads: 1);
    }

    private static string Ids(IEnumerable<DeploymentTask> tasks) => string.Join('\n', tasks.Select(t => t.Id));

    private static Gen<(TaskFilter Filter, int Number)> Any(World world)
    {
        var none = Guid.Parse("ffffffff-0000-7000-8000-000000000000");
        return
            from statuses in Some(Enum.GetValues<DeploymentTaskStatus>())
            from operations in Some(OperationJson.Kinds.ToArray())
            from actors in Some(world.Tasks.Select(t => ActorRef.Of(t.Actor)).Distinct().ToArray())
            from kinds in Some("Kind1", "Kind2", "Kind7", "Kind12", "None")
            from clusters in Some(Enumerable.Range(1, 15).Select(TaskSeed.Cluster).Append(none).ToArray())
            from deployments in Some(Enumerable.Range(1, 60).Select(TaskSeed.Deployment).Append(none).ToArray())
            from text in Rarely(Gen.OneOf<string?>("quota", "UPGRADE failed", "app-1", "e", "(re", "100%", "secret", " zzz"))
            from env in Rarely(Gen.Int[1, 6].Select(n => (Guid?)TaskSeed.Env(n)))
            from visible in Rarely(Gen.Int[1, 6].Select(TaskSeed.Env).Array[0, 6].Select(envs => (Guid[]?)envs))
            from times in Gen.Select(Rarely(Days()), Rarely(Days()))
            from flags in Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9])
            from number in Gen.Int[1, 40]
            select (new TaskFilter
            {
                Statuses = statuses,
                OpKinds = operations,
                Actors = actors,
                KindNames = kinds,
                ClusterIds = clusters,
                DeploymentIds = deployments,
                Text = text,
                EnvId = env,
                EnvIds = visible,
                CreatedFrom = times.Item1 is { } days ? world.Now.AddDays(-days) : null,
                CreatedTo = times.Item2 is { } until ? world.Now.AddDays(-until) : null,
                ActiveOnly = flags.Item1 == 0,
                ShowFuture = flags.Item2 != 0,
            }, number);

        static Gen<T[]> Some<T>(params T[] values) => Gen.Frequency(
            (3, Gen.Const(Array.Empty<T>())), (1, Gen.OneOf(values).Array[1, 3]));

        static Gen<int?> Days() => Gen.Int[0, 400].Select(days => (int?)days);

        static Gen<T?> Rarely<T>(Gen<T?> values) => Gen.Frequency((5, Gen.Const(default(T))), (1, values));
    }

    public sealed class Some(PostgresServer postgres) : LargeHistory(postgres, rows: 3_000, big: 300);

    private sealed record World(List<DeploymentTask> Tasks, Dictionary<Guid, string> Kinds, DateTimeOffset Now)
    {
        public static async Task<World> ReadAsync(LargeHistory history)
        {
            await using var db = await history.OpenAsync();
            return new World(
                await db.Tasks.AsNoTracking().OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id)
                    .ToListAsync(Cancel),
                await (from d in db.Deployments join k in db.Kinds on d.KindId equals k.Id select new { d.Id, k.Name })
                    .ToDictionaryAsync(d => d.Id, d => d.Name, Cancel),
                await db.Tasks.MaxAsync(t => t.CreatedAt, Cancel));
        }

        public bool Matches(DeploymentTask task, TaskFilter filter) =>
            Among(filter.Statuses, task.Status)
            && Among(filter.OpKinds, task.OpKind)
            && Among(filter.Actors, ActorRef.Of(task.Actor))
            && Among(filter.KindNames, Kinds[task.DeploymentId])
            && Among(filter.ClusterIds, task.ClusterId)
            && Among(filter.DeploymentIds, task.DeploymentId)
            && (filter.EnvId is null || filter.EnvId == task.EnvId)
            && (filter.EnvIds is null || filter.EnvIds.Contains(task.EnvId))
            && (filter.CreatedFrom is null || task.CreatedAt >= filter.CreatedFrom)
            && (filter.CreatedTo is null || task.CreatedAt < filter.CreatedTo)
            && (!filter.ActiveOnly || task.Status is Pending or Started)
            && (filter.ShowFuture || task.ExecuteAt <= Now.AddHours(1))
            && (filter.Text is null || Summary(task).Contains(filter.Text.Trim(), StringComparison.OrdinalIgnoreCase));

        private static bool Among<T>(IReadOnlyList<T> wanted, T value) => wanted.Count == 0 || wanted.Contains(value);

        private static string Summary(DeploymentTask task) => task.Reason?.Split("\n\n")[0] ?? "";
    }
}
