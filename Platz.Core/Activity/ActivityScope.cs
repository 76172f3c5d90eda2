using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Activity;

/// <summary>What a reader may see of what happens, in one env or in all they are in.</summary>
/// <param name="EnvId">Null for all.</param>
/// <param name="EnvNames">Of those that may be seen.</param>
/// <param name="KindIds">By the name that kinds have now.</param>
public sealed record ActivityScope(
    Grants Grants, Guid? EnvId, IReadOnlyDictionary<Guid, string> EnvNames, IReadOnlyDictionary<string, Guid> KindIds)
{
    /// <summary>Where to look for what can be chosen; null for everywhere.</summary>
    public IReadOnlyList<Guid>? Envs => EnvId is { } env ? MaySee(env) ? [env] : [] : Grants.Visible;

    /// <summary>The filter, within what may be seen.</summary>
    public TaskFilter Within(TaskFilter filter) => EnvId is { } env && MaySee(env)
        ? filter with { EnvId = env, EnvIds = null }
        : filter with { EnvId = null, EnvIds = Envs };

    /// <summary>A kind that was renamed since is none of those whose overrides are known to be the reader's to see.</summary>
    public bool MayReadOverride(DeploymentTask task) => Grants
        .In(task.EnvId, KindIds.TryGetValue(task.KindName, out var kind) ? kind : null)
        .Allows(Permission.ReadValuesOverride);

    private bool MaySee(Guid env) => Grants.Visible is not { } visible || visible.Contains(env);
}
