using Platz.Core.Tasks;

namespace Platz.Core.Insight;

/// <summary>
/// Deployments whose last change failed. Time to restore, after DORA: from the end of the first failed change
/// (<see cref="EndedTask.IsChange"/>) until the end of the next one that was done, of the same deployment. Failures on
/// the way prolong the outage and begin no other; an Uninstall ends it, restoring nothing.
/// </summary>
public sealed class Outages
{
    private readonly Dictionary<Guid, (Guid EnvId, DateTimeOffset FailedAt)> _open = [];
    private readonly Dictionary<Guid, int> _byEnv = [];

    public IEnumerable<(Guid DeploymentId, Guid EnvId, DateTimeOffset FailedAt)> Open =>
        _open.Select(o => (o.Key, o.Value.EnvId, o.Value.FailedAt));

    public bool Has(Guid deploymentId) => _open.ContainsKey(deploymentId);

    public int Of(Guid envId) => _byEnv.GetValueOrDefault(envId);

    public void Begin(Guid deploymentId, Guid envId, DateTimeOffset failedAt)
    {
        if (_open.TryAdd(deploymentId, (envId, failedAt)))
        {
            _byEnv[envId] = Of(envId) + 1;
        }
    }

    /// <summary>Tasks are told in the order in which they ended.</summary>
    /// <returns>The time to restore, when the task has ended an outage.</returns>
    public TimeSpan? Follow(EndedTask task)
    {
        if (task.IsFailedChange)
        {
            Begin(task.DeploymentId, task.EnvId, task.FinishedAt);
            return null;
        }

        var restores = task.IsChange;
        var givesUp = task is { OpKind: nameof(Uninstall), Outcome: DeploymentTaskStatus.Done };
        if (!(restores || givesUp) || !_open.Remove(task.DeploymentId, out var outage))
        {
            return null;
        }

        _byEnv[outage.EnvId]--;
        return restores ? task.FinishedAt - outage.FailedAt : null;
    }
}
