using Platz.Core.Data;

namespace Platz.Web.Live;

/// <summary>What a page shows and so wants to hear about.</summary>
public abstract record Topic
{
    /// <summary>A deployment's own row and all of its tasks.</summary>
    public sealed record Deployment(Guid EnvId, Guid Id) : Topic;

    /// <summary>One task: its row (phases change with it) and its log.</summary>
    public sealed record OneTask(Guid EnvId, Guid Id) : Topic;

    /// <summary>Every deployment and task of an env.</summary>
    public sealed record Env(Guid Id) : Topic;

    /// <summary>What runs of a deployment.</summary>
    public sealed record Resources(Guid EnvId, Guid DeploymentId) : Topic;

    /// <summary>What runs of several deployments, those of a page for example.</summary>
    public sealed record ResourcesOfAny(Guid EnvId, IReadOnlySet<Guid> Deployments) : Topic;

    /// <summary>A table that changes seldom: envs, kinds, charts …</summary>
    public sealed record Table(string Name) : Topic;

    /// <summary>Whether a session goes on, and who its user is.</summary>
    public sealed record Session(Guid Id, Guid UserId) : Topic;

    public bool Includes(Change change) => this switch
    {
        Deployment topic => change switch
        {
            { Table: "deployment_tasks" } => Names(change, topic.EnvId, row => row.DeploymentId == topic.Id),
            { Table: "deployments" } => Names(change, topic.EnvId, row => row.Id == topic.Id),
            _ => false,
        },
        Resources topic => change.Table is "k8s_resources"
            && Names(change, topic.EnvId, row => row.DeploymentId == topic.DeploymentId),
        ResourcesOfAny topic => change.Table is "k8s_resources"
            && Names(change, topic.EnvId, row => row.DeploymentId is { } id && topic.Deployments.Contains(id)),
        OneTask topic => change.Table is "deployment_tasks" or "deployment_task_logs"
            && Names(change, topic.EnvId, row => row.Id == topic.Id),
        Env topic => change.Table is "deployment_tasks" or "deployments" && change.EnvId == topic.Id,
        Table topic => change.Table == topic.Name,
        Session topic => change.Table switch
        {
            "sessions" => change.Rows?.Any(row => row.Id == topic.Id) ?? true,
            "users" => change.Rows?.Any(row => row.Id == topic.UserId) ?? true,
            _ => false,
        },
        _ => false,
    };

    /// <summary>Rows that were too many to name may be any of their env.</summary>
    private static bool Names(Change change, Guid envId, Func<ChangedRow, bool> wanted) =>
        change.Rows?.Any(wanted) ?? (change.EnvId is null || change.EnvId == envId);
}
