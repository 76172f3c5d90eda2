using Platz.Bench.Seed;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Bench.Pages;

internal sealed record PageCase(string Part, string What, TaskFilter Filter);

/// <summary>
/// The same filters for one deployment with very many tasks, for the largest env, and for all envs. Of the seed's actors
/// bot 1 has half of all tasks, bot 3 one in ten thousand.
/// </summary>
internal static class PageCases
{
    private static readonly DeploymentTaskStatus[] s_ended = [Done, Failed, Canceled];

    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    public static IReadOnlyList<PageCase> All { get; } =
    [
        .. On("History", TaskFilter.OfDeployment(TaskSeed.BigDeployment)),
        .. On("Activity of an env", new TaskFilter { EnvId = TaskSeed.Env(1) }),
        .. OfPlaces("Activity of an env", new TaskFilter { EnvId = TaskSeed.Env(1) }),
        .. On("Activity of all envs", TaskFilter.All),
        .. OfPlaces("Activity of all envs", TaskFilter.All),
        .. On("Activity of three envs that may be seen", new TaskFilter
        {
            EnvIds = [TaskSeed.Env(2), TaskSeed.Env(3), TaskSeed.Env(6)],
        }),
    ];

    private static IEnumerable<PageCase> On(string part, TaskFilter all)
    {
        ActorRef bot = new(ActorKind.Bot, TaskSeed.Bot(1)), rareBot = new(ActorKind.Bot, TaskSeed.Bot(3));
        ActorRef user = new(ActorKind.User, TaskSeed.User(1)), rareUser = new(ActorKind.User, TaskSeed.User(39));
        (string, TaskFilter)[] cases =
        [
            ("everything", all),
            ("ended", all with { Statuses = s_ended }),
            ("done", all with { Statuses = [Done] }),
            ("failed", all with { Statuses = [Failed] }),
            ("failed or canceled", all with { Statuses = [Failed, Canceled] }),
            ("running", all with { Statuses = [Started] }),
            ("pending or failed", all with { Statuses = [Pending, Failed] }),
            ("upgrades", all with { OpKinds = ["Upgrade"] }),
            ("recreates (rare)", all with { OpKinds = ["Recreate"] }),
            ("installs, uninstalls", all with { OpKinds = ["Install", "Uninstall"] }),
            ("a busy actor", all with { Actors = [bot] }),
            ("a rare actor", all with { Actors = [rareBot] }),
            ("four actors", all with { Actors = [bot, rareBot, user, rareUser] }),
            ("a week, long ago", all with { CreatedFrom = s_now.AddDays(-380), CreatedTo = s_now.AddDays(-373) }),
            ("until long ago", all with { CreatedTo = s_now.AddDays(-390) }),
            ("a common text", all with { Text = "upgrade failed" }),
            ("a text", all with { Text = "quota" }),
            ("a rare text", all with { Text = "build 1234" }),
            ("two letters", all with { Text = "qu" }),
            ("two letters nowhere", all with { Text = "qz" }),
            ("a text nowhere", all with { Text = "no such words" }),
            ("failed by a busy actor", all with { Statuses = [Failed], Actors = [bot] }),
            ("failed by a rare actor", all with { Statuses = [Failed], Actors = [rareBot, rareUser] }),
            ("done by a user", all with { Statuses = [Done], Actors = [user] }),
            ("canceled recreates", all with { Statuses = [Canceled], OpKinds = ["Recreate"] }),
            ("upgrades by a rare actor", all with { OpKinds = ["Upgrade"], Actors = [rareUser] }),
            ("failed upgrades with a text", all with { Statuses = [Failed], OpKinds = ["Upgrade"], Text = "quota" }),
            ("failed with a common text", all with { Statuses = [Failed], Text = "error" }),
            ("done with an error (nothing)", all with { Statuses = [Done], Text = "upgrade failed" }),
            ("nobody", all with { Actors = [new(ActorKind.User, Guid.Empty)] }),
            ("ended upgrades by users", all with
            {
                Statuses = s_ended,
                OpKinds = ["Upgrade"],
                Actors = [.. Enumerable.Range(1, 20).Select(n => new ActorRef(ActorKind.User, TaskSeed.User(n)))],
            }),
            ("several of everything", all with
            {
                Statuses = [Failed, Canceled, Started],
                OpKinds = ["Upgrade", "Install", "InvokeAction"],
                Actors = [bot, user, rareBot],
                CreatedFrom = s_now.AddDays(-300),
                Text = "error",
            }),
        ];
        return cases.Select(c => new PageCase(part, c.Item1, c.Item2));
    }

    private static IEnumerable<PageCase> OfPlaces(string part, TaskFilter all)
    {
        (string, TaskFilter)[] cases =
        [
            ("a busy kind", all with { KindNames = ["Kind1"] }),
            ("a quiet kind", all with { KindNames = ["Kind12"] }),
            ("a quiet kind, failed", all with { KindNames = ["Kind12"], Statuses = [Failed] }),
            ("a quiet kind with a text", all with { KindNames = ["Kind12"], Text = "quota" }),
            ("six kinds", all with { KindNames = [.. Enumerable.Range(1, 6).Select(n => $"Kind{n}")] }),
            ("a cluster", all with { ClusterIds = [TaskSeed.Cluster(13)] }),
            ("two clusters, failed", all with
            {
                ClusterIds = [TaskSeed.Cluster(1), TaskSeed.Cluster(7)],
                Statuses = [Failed],
            }),
            ("a cluster of another env", all with { ClusterIds = [TaskSeed.Cluster(2)] }),
            ("a busy deployment", all with { DeploymentIds = [TaskSeed.BigDeployment] }),
            ("fifty deployments", all with { DeploymentIds = [.. Enumerable.Range(1, 50).Select(TaskSeed.Deployment)] }),
            ("fifty deployments, recreates", all with
            {
                DeploymentIds = [.. Enumerable.Range(1, 50).Select(TaskSeed.Deployment)],
                OpKinds = ["Recreate"],
            }),
        ];
        return cases.Select(c => new PageCase(part, c.Item1, c.Item2));
    }
}
