using Platz.Core.Data;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Core.Tasks;

/// <summary>What a filter can be about.</summary>
internal enum TaskAspect
{
    Env,
    Deployment,
    Status,
    Operation,
    Actor,
    Cluster,
    Text,
    Future,
}

/// <summary>
/// A filter as conditions in SQL on <c>deployment_tasks AS t</c>, with the names resolved. The columns <c>trouble</c>,
/// <c>actor_id</c> and <c>summary</c> are made by the database from others, see <see cref="DeploymentTaskMapping"/>.
/// </summary>
/// <param name="Envs">The envs to look in.</param>
/// <param name="Deployments">Null for all.</param>
internal sealed record TaskConditions(
    TaskFilter Filter, IReadOnlyList<Guid> Envs, IReadOnlyList<Guid>? Deployments, DateTimeOffset Now)
{
    public SqlValues Values { get; } = new();

    public IReadOnlyList<DeploymentTaskStatus> Statuses { get; } = (Filter.ActiveOnly, Filter.Statuses.Count) switch
    {
        (false, _) => Filter.Statuses,
        (true, 0) => [Pending, Started],
        _ => [.. Filter.Statuses.Where(s => !s.IsTerminal)],
    };

    /// <summary>Nothing at all can match.</summary>
    public bool AreImpossible => Envs.Count == 0 || Deployments is { Count: 0 }
        || (Filter.ActiveOnly && Statuses.Count == 0);

    public IReadOnlyList<string> Troubles { get; } = Filter.ActiveOnly
        ? []
        : [.. Filter.Statuses.Where(s => s is Failed or Canceled).Distinct().Select(s => s.ToString())];

    public string? Text { get; } = string.IsNullOrWhiteSpace(Filter.Text) ? null : Filter.Text.Trim();

    /// <summary>What matters.</summary>
    public IEnumerable<TaskAspect> Aspects => Enum.GetValues<TaskAspect>().Where(aspect => aspect switch
    {
        TaskAspect.Env => Filter.EnvId is not null || Filter.EnvIds is not null,
        TaskAspect.Deployment => Deployments is not null,
        TaskAspect.Status => Statuses.Count > 0 && !Enum.GetValues<DeploymentTaskStatus>().All(Statuses.Contains),
        TaskAspect.Operation => Filter.OpKinds.Count > 0,
        TaskAspect.Actor => Filter.Actors.Count > 0,
        TaskAspect.Cluster => Filter.ClusterIds.Count > 0,
        TaskAspect.Text => Text is not null,
        _ => !Filter.ShowFuture,
    });

    /// <summary>What its condition reads.</summary>
    public static string? Column(TaskAspect aspect) => aspect switch
    {
        TaskAspect.Env => "env_id",
        TaskAspect.Deployment => "deployment_id",
        TaskAspect.Status => "trouble",
        TaskAspect.Operation => "op_kind",
        TaskAspect.Actor => "actor_id",
        TaskAspect.Cluster => "cluster_id",
        TaskAspect.Text => "summary",
        _ => null,
    };

    public string Of(TaskAspect aspect) => aspect switch
    {
        TaskAspect.Env => $"t.env_id = ANY({Values.Add(Envs.ToArray())})",
        TaskAspect.Deployment => $"t.deployment_id = ANY({Values.Add(Deployments!.ToArray())})",
        TaskAspect.Status => OfStatuses(),
        TaskAspect.Operation => $"t.op_kind = ANY({Values.Add(Filter.OpKinds.ToArray())})",
        TaskAspect.Actor => $"t.actor_id = ANY({Values.Add(ActorIds.ToArray())})",
        TaskAspect.Cluster => $"t.cluster_id = ANY({Values.Add(Filter.ClusterIds.ToArray())})",
        TaskAspect.Text => $"t.summary LIKE lower({Values.Add(SqlPattern.Containing(Text!))})",
        _ => $"t.id NOT IN (SELECT task_id FROM task_queue WHERE execute_at > {Values.Add(Now)})",
    };

    /// <summary>Ids of users, bots and deployments never coincide.</summary>
    public IEnumerable<Guid> ActorIds => Filter.Actors.Select(a => a.Id).Distinct();

    /// <summary>The part of the index between two times, and behind a place.</summary>
    public string Range(TaskCursor? behind, DateTimeOffset? since)
    {
        var parts = new List<string>();
        Add("t.created_at >=", Filter.CreatedFrom);
        Add("t.created_at <", Filter.CreatedTo);
        Add("t.created_at >", since);
        if (behind is { } place)
        {
            parts.Add($"(t.created_at, t.id) < ({Values.Add(place.CreatedAt)}, {Values.Add(place.Id)})");
        }

        return string.Concat(parts.Select(p => $" AND {p}"));

        void Add(string condition, DateTimeOffset? time)
        {
            if (time is { } value)
            {
                parts.Add($"{condition} {Values.Add(value)}");
            }
        }
    }

    /// <summary>The live tasks among the statuses, as the queue knows them; null without any.</summary>
    public string? QueueStates => (Statuses.Contains(Pending), Statuses.Contains(Started)) switch
    {
        (true, true) => "true",
        (true, false) => "q.state <> 'Started'",
        (false, true) => "q.state = 'Started'",
        _ => null,
    };

    /// <summary>
    /// No index knows which tasks are Pending, Started or Done, or claims would change it: the first two are in the
    /// queue, and what is neither there nor in trouble is done.
    /// </summary>
    private string OfStatuses()
    {
        if (QueueStates is null && Statuses.Contains(Done) && Troubles.Count == 2)
        {
            return "t.id NOT IN (SELECT task_id FROM task_queue)";
        }

        var parts = new List<string>();
        if (Troubles.Count > 0)
        {
            parts.Add($"t.trouble = ANY({Values.Add(Troubles.ToArray())})");
        }

        if (QueueStates is { } states)
        {
            parts.Add($"t.id IN (SELECT q.task_id FROM task_queue AS q WHERE {states})");
        }

        if (Statuses.Contains(Done))
        {
            parts.Add("(t.trouble IS NULL AND t.id NOT IN (SELECT task_id FROM task_queue))");
        }

        return $"({string.Join(" OR ", parts)})";
    }
}
