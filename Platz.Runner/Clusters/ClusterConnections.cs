using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Exceptions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Catalog;
using Platz.Core.Data;
using YamlDotNet.Core;

namespace Platz.Runner.Clusters;

/// <summary>The clusters this runner serves, and its connections to them.</summary>
internal sealed class ClusterConnections(
    IDbContextFactory<PlatzDb> databases, Envelope envelope, IOptions<RunnerOptions> options,
    IOptions<ConfiguredClusterOptions> configured, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_refreshAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, (byte[]? Kubeconfig, ClusterConnection Connection)> _connections = new();
    private IReadOnlyCollection<Guid> _served = [];
    private DateTimeOffset _readAt;

    /// <summary>Ids of the clusters whose tasks this runner may take.</summary>
    public async Task<IReadOnlyCollection<Guid>> ServedAsync(CancellationToken cancel)
    {
        if (clock.GetUtcNow() - _readAt < s_refreshAfter)
        {
            return _served;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var own = configured.Value.Clusters.Where(c => c.InCluster).Select(c => c.ProviderId).ToList();
        var names = options.Value.Clusters;
        _served = await db.Clusters
            .Where(c => c.DeletedAt == null && !c.Ignore && (c.Kubeconfig != null || own.Contains(c.ProviderId)))
            .Where(c => names.Length == 0 || names.Contains(c.Name))
            .Select(c => c.Id).ToListAsync(cancel);
        _readAt = clock.GetUtcNow();
        return _served;
    }

    public async Task<ClusterConnection> ConnectAsync(Guid clusterId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var cluster = await db.Clusters.AsNoTracking().SingleAsync(c => c.Id == clusterId, cancel);
        if (_connections.TryGetValue(clusterId, out var known) && Same(known.Kubeconfig, cluster.Kubeconfig))
        {
            return known.Connection;
        }

        // The older connection may still be in use by running tasks; it goes with the last of them.
        var connection = Connect(cluster);
        _connections[clusterId] = (cluster.Kubeconfig, connection);
        return connection;
    }

    public void Dispose()
    {
        foreach (var (_, connection) in _connections.Values)
        {
            connection.Dispose();
        }
    }

    private ClusterConnection Connect(Cluster cluster)
    {
        var configuration = cluster.Kubeconfig is { } stored
            ? Parse(envelope.Open(stored, cluster.KubeconfigContext), cluster.Name)
            : KubernetesClientConfiguration.InClusterConfig();
        string?[] secrets =
        [
            configuration.AccessToken, configuration.Password, configuration.ClientCertificateKeyData,
            Pem(configuration.ClientCertificateKeyData),
        ];
        List<string> known = [.. secrets.OfType<string>()];
        return new ClusterConnection(
            cluster.Id, cluster.Name,
            new Kubernetes(configuration, new ScrubbedErrors(known), new FreshRights(clock)), known, clock);
    }

    private static KubernetesClientConfiguration Parse(byte[] kubeconfig, string cluster)
    {
        try
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(
                KubernetesYaml.Deserialize<k8s.KubeConfigModels.K8SConfiguration>(Encoding.UTF8.GetString(kubeconfig)));
        }
        catch (Exception e) when (e is YamlException or KubeConfigException or FormatException or CryptographicException)
        {
            // Not in its own words: these may quote what they could not read.
            throw new KubeConfigException($"The kubeconfig of the cluster {cluster} cannot be read. Renew it.");
        }
    }

    private static string? Pem(string? base64)
    {
        var pem = new byte[base64?.Length ?? 0];
        return Convert.TryFromBase64String(base64 ?? "", pem, out var length) ? Encoding.UTF8.GetString(pem, 0, length) : null;
    }

    private static bool Same(byte[]? a, byte[]? b) => (a, b) switch
    {
        (null, null) => true,
        (not null, not null) => a.AsSpan().SequenceEqual(b),
        _ => false,
    };
}
