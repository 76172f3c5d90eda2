using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Npgsql;
using Platz.Core.Resources;
using Platz.Runner.Clusters;
using Platz.Runner.Operations;

namespace Platz.Runner.Watching;

/// <summary>Follows what runs in the namespaces of one cluster's deployments.</summary>
internal sealed class ClusterWatch(
    ClusterConnection cluster, NpgsqlDataSource database, DeploymentSecrets secrets, TimeProvider clock, ILogger log)
{
    private const int PageSize = 500;
    private const string Ours = "platz=yes";

    private readonly ConcurrentDictionary<string, Guid> _deployments = new(); // by namespace
    private readonly SeenResources _seen = new(database, cluster.Id, secrets, clock);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var (core, apps, batch) = (cluster.Client.CoreV1, cluster.Client.AppsV1, cluster.Client.BatchV1);
        var namespaces = new KindWatch<V1Namespace>(
            "Namespace",
            async (more, c) => await core.ListNamespaceAsync(
                labelSelector: Ours, limit: PageSize, continueParameter: more, cancellationToken: c),
            (version, c) => core.WatchListNamespaceAsync(
                labelSelector: Ours, resourceVersion: version, allowWatchBookmarks: true,
                timeoutSeconds: KindWatch<V1Namespace>.WatchSeconds, cancellationToken: c),
            clock, log)
        {
            OnListed = all => { Know(all, anew: true); return Task.CompletedTask; },
            OnChanged = (type, ns) => { Change(type, ns); return Task.CompletedTask; },
        };
        await ReadNamespacesAsync(end.Token);
        List<Task> running =
        [
            _seen.RunAsync(end.Token),
            namespaces.RunAsync(end.Token),
            Watch(
                "Deployment", async (more, c) => await apps.ListDeploymentForAllNamespacesAsync(
                    limit: PageSize, continueParameter: more, cancellationToken: c),
                (version, c) => apps.WatchListDeploymentForAllNamespacesAsync(
                    resourceVersion: version, allowWatchBookmarks: true,
                    timeoutSeconds: KindWatch<V1Deployment>.WatchSeconds, cancellationToken: c),
                SeenObject.Of, end.Token),
            Watch(
                "StatefulSet", async (more, c) => await apps.ListStatefulSetForAllNamespacesAsync(
                    limit: PageSize, continueParameter: more, cancellationToken: c),
                (version, c) => apps.WatchListStatefulSetForAllNamespacesAsync(
                    resourceVersion: version, allowWatchBookmarks: true,
                    timeoutSeconds: KindWatch<V1StatefulSet>.WatchSeconds, cancellationToken: c),
                SeenObject.Of, end.Token),
            Watch(
                "ReplicaSet", async (more, c) => await apps.ListReplicaSetForAllNamespacesAsync(
                    limit: PageSize, continueParameter: more, cancellationToken: c),
                (version, c) => apps.WatchListReplicaSetForAllNamespacesAsync(
                    resourceVersion: version, allowWatchBookmarks: true,
                    timeoutSeconds: KindWatch<V1ReplicaSet>.WatchSeconds, cancellationToken: c),
                SeenObject.Of, end.Token),
            Watch(
                "Job", async (more, c) => await batch.ListJobForAllNamespacesAsync(
                    limit: PageSize, continueParameter: more, cancellationToken: c),
                (version, c) => batch.WatchListJobForAllNamespacesAsync(
                    resourceVersion: version, allowWatchBookmarks: true,
                    timeoutSeconds: KindWatch<V1Job>.WatchSeconds, cancellationToken: c),
                SeenObject.Of, end.Token),
            Watch(
                "Pod", async (more, c) => await core.ListPodForAllNamespacesAsync(
                    limit: PageSize, continueParameter: more, cancellationToken: c),
                (version, c) => core.WatchListPodForAllNamespacesAsync(
                    resourceVersion: version, allowWatchBookmarks: true,
                    timeoutSeconds: KindWatch<V1Pod>.WatchSeconds, cancellationToken: c),
                SeenObject.Of, end.Token),
        ];
        try
        {
            await await Task.WhenAny(running); // one that ends, ends by an error: all begin anew
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(running).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private Task Watch<T>(
        string kind, Func<string?, CancellationToken, Task<IItems<T>>> list,
        Func<string, CancellationToken, IAsyncEnumerable<(WatchEventType, T)>> watch,
        Func<T, SeenObject.Place, K8sResource> read, CancellationToken cancel)
        where T : IKubernetesObject<V1ObjectMeta> =>
        new KindWatch<T>(kind, list, watch, clock, log)
        {
            OnListed = async all =>
            {
                var ours = new List<Guid>();
                foreach (var item in all)
                {
                    if (await PlaceAsync(item, cancel) is { } place)
                    {
                        var resource = read(item, place);
                        ours.Add(resource.Id);
                        await _seen.SaveAsync(resource, cancel);
                    }
                }

                await _seen.KeepOnlyAsync(kind, [.. ours], cancel);
            },
            OnChanged = async (type, item) =>
            {
                if (type is WatchEventType.Deleted)
                {
                    await _seen.DeleteAsync(Guid.Parse(item.Metadata.Uid), cancel);
                }
                else if (await PlaceAsync(item, cancel) is { } place)
                {
                    await _seen.SaveAsync(read(item, place), cancel);
                }
            },
        }.RunAsync(cancel);

    /// <summary>Whose it is; null for what is in nobody's namespace.</summary>
    private async Task<SeenObject.Place?> PlaceAsync<T>(T item, CancellationToken cancel)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var ns = item.Metadata.NamespaceProperty;
        if (_deployments.TryGetValue(ns, out var known))
        {
            return new SeenObject.Place(cluster.Id, known);
        }

        // The streams know nothing of each other: a namespace may be newer than what its own stream has told so far.
        if (_foreign.TryGetValue(ns, out var until) && until > clock.GetUtcNow())
        {
            return null;
        }

        await ReadNamespacesAsync(cancel);
        if (_deployments.TryGetValue(ns, out known))
        {
            return new SeenObject.Place(cluster.Id, known);
        }

        _foreign[ns] = clock.GetUtcNow() + s_foreignFor;
        return null;
    }

    private static readonly TimeSpan s_foreignFor = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _foreign = new();

    private async Task ReadNamespacesAsync(CancellationToken cancel) =>
        Know((await cluster.Client.CoreV1.ListNamespaceAsync(labelSelector: Ours, cancellationToken: cancel)).Items, anew: false);

    private void Know(IEnumerable<V1Namespace> all, bool anew)
    {
        var now = all.ToList();
        foreach (var ns in now)
        {
            Change(WatchEventType.Modified, ns);
        }

        foreach (var gone in anew ? _deployments.Keys.Except(now.Select(n => n.Metadata.Name)).ToList() : [])
        {
            _deployments.TryRemove(gone, out _);
        }
    }

    private void Change(WatchEventType type, V1Namespace ns)
    {
        _foreign.TryRemove(ns.Metadata.Name, out _);
        if (type is not WatchEventType.Deleted
            && Guid.TryParse(ns.GetAnnotation(ClusterOperations.DeploymentAnnotation), out var deployment))
        {
            _deployments[ns.Metadata.Name] = deployment;
        }
        else
        {
            _deployments.TryRemove(ns.Metadata.Name, out _);
        }
    }
}
