using System.Globalization;
using System.Text.RegularExpressions;
using static Platz.Core.Tasks.TaskAspect;

namespace Platz.Core.Tasks;

/// <summary>One way through the indexes of <c>deployment_tasks</c>.</summary>
/// <param name="Answers">What the branches alone make sure of.</param>
internal sealed partial record TaskPath(IReadOnlyList<TaskBranch> Branches, params TaskAspect[] Answers)
{
    /// <summary>False for what must be sorted, and so must be short.</summary>
    public bool IsInOrder { get; private init; } = true;

    /// <summary>The order in which its index is, said so that the planner takes that index and nothing else.</summary>
    public string Order => IsInOrder ? TaskWalk.NewestOfT : " ORDER BY t.deployment_id";

    /// <summary>Those that may be shorter than the whole of the envs, the likely shortest first.</summary>
    public static IEnumerable<TaskPath> Of(TaskConditions about, int mostBranches)
    {
        TaskPath?[] paths =
        [
            ByDeployment(about, mostBranches) ?? ByDeployments(about),
            about.Troubles.Count > 0 && !about.Statuses.Contains(DeploymentTaskStatus.Done) ? ByTrouble(about) : null,
            ByEnvAnd(about, Cluster, about.Filter.ClusterIds.Distinct()),
            ByEnvAnd(about, Actor, about.ActorIds),
            ByEnvAnd(about, TaskAspect.Operation, about.Filter.OpKinds.Distinct()),
        ];
        return paths.OfType<TaskPath>().Where(p => p.Branches.Count <= mostBranches);
    }

    public static TaskPath ByEnv(TaskConditions about) =>
        new([.. about.Envs.Select(e => new TaskBranch($"t.env_id = {about.Values.Add(e)}{WithText(about)}"))], Env);

    public static TaskPath? ByDeployment(TaskConditions about, int most) =>
        about.Deployments is not { } deployments || deployments.Count > most
            ? null
            : new([.. deployments.Select(d => new TaskBranch($"t.deployment_id = {about.Values.Add(d)}{WithText(about)}"))],
                Deployment);

    public static TaskPath Queue(TaskConditions about) =>
        new([new($"{about.QueueStates} AND {about.Of(Env)}", TaskBranch.Queue)], Env, Status);

    public static TaskPath ByTrigrams(TaskConditions about) => new([new(about.Of(Text))], Text) { IsInOrder = false };

    public static bool HasTrigram(string text) => Trigram().IsMatch(text);

    /// <summary>The planner's guess, from the first line of its plan.</summary>
    public static double RowsOf(string plan) =>
        double.Parse(Rows().Match(plan).Groups[1].Value, CultureInfo.InvariantCulture);

    private static TaskPath? ByDeployments(TaskConditions about) =>
        about.Deployments is null ? null : new([new(about.Of(Deployment))], Deployment) { IsInOrder = false };

    /// <summary>The indexes with the texts have only the tasks that say anything.</summary>
    private static string WithText(TaskConditions about) => about.Text is null ? "" : " AND t.summary IS NOT NULL";

    private static TaskPath ByTrouble(TaskConditions about)
    {
        var branches = ByEnvAnd(about, Status, about.Troubles)!.Branches;
        return about.QueueStates is null
            ? new(branches, Env, Status)
            : new([.. branches, .. Queue(about).Branches], Env, Status);
    }

    private static TaskPath? ByEnvAnd<T>(TaskConditions about, TaskAspect aspect, IEnumerable<T> values) where T : notnull
    {
        var branches =
            from env in about.Envs
            from value in values
            let column = TaskConditions.Column(aspect)
            select new TaskBranch($"t.env_id = {about.Values.Add(env)} AND t.{column} = {about.Values.Add(value)}");
        return branches.ToList() is { Count: > 0 } parts ? new(parts, Env, aspect) : null;
    }

    [GeneratedRegex(@"[\p{L}\p{N}]{3}")]
    private static partial Regex Trigram();

    [GeneratedRegex(@"rows=([\d.e+]+)")]
    private static partial Regex Rows();
}
