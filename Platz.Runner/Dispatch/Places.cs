using Platz.Core.Tasks;
using Platz.Runner.Clusters;

namespace Platz.Runner.Dispatch;

/// <summary>Where a phase happens: a namespace of a cluster.</summary>
internal sealed record Place(ClusterConnection Cluster, string Namespace);

/// <summary>
/// The places of a task's phases, by phase alone: whoever goes on with a task after a crash looks where the phase is,
/// not where the runner before was.
/// </summary>
internal sealed class Places(DeploymentTask task, ClusterConnections clusters)
{
    /// <param name="phase">Null for the first one.</param>
    /// <returns>Null when this runner does not serve the cluster.</returns>
    public async Task<Place?> FindAsync(string? phase, CancellationToken cancel)
    {
        var (cluster, ns) = OperationPhases.PlaceOf(task, phase);
        return await ServesAsync(cluster, cancel)
            ? new Place(await clusters.ConnectAsync(cluster, cancel), ns)
            : null;
    }

    /// <summary>The credentials of all clusters that the task is about, as far as this runner knows them.</summary>
    /// <param name="found">Where it is now; its cluster is not asked for again.</param>
    public async Task<List<string>> SecretsAsync(Place found, CancellationToken cancel)
    {
        List<string> secrets = [.. found.Cluster.Secrets];
        foreach (var phase in new[] { Phase.HelmUninstall, null })
        {
            if (OperationPhases.PlaceOf(task, phase).ClusterId != found.Cluster.Id
                && await FindAsync(phase, cancel) is { } place)
            {
                secrets.AddRange(place.Cluster.Secrets);
            }
        }

        return secrets;
    }

    /// <summary>What it was claimed for a runner serves, also when an admin has just taken the cluster away.</summary>
    private async Task<bool> ServesAsync(Guid cluster, CancellationToken cancel) =>
        cluster == task.RunClusterId || (await clusters.ServedAsync(cancel)).Contains(cluster);
}
