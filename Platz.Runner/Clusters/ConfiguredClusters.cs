using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Exceptions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Runner.Clusters;

/// <summary>Brings the clusters of the configuration into the database, their kubeconfigs sealed.</summary>
internal sealed partial class ConfiguredClusters(
    IDbContextFactory<PlatzDb> databases, Envelope envelope, IOptions<ConfiguredClusterOptions> options,
    TimeProvider clock, ILogger<ConfiguredClusters> log)
{
    public async Task SaveAsync(CancellationToken cancel)
    {
        foreach (var cluster in options.Value.Clusters)
        {
            try
            {
                await SaveAsync(cluster, cancel);
            }
            catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException
                or YamlDotNet.Core.YamlException or CryptographicException)
            {
                LogSkipped(cluster.Name, e.Message);
            }
        }
    }

    private async Task SaveAsync(ConfiguredCluster configured, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // Runners that start together take turns, so that one of them makes the env and the cluster.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('configured-clusters', 1))", cancel);
        var (env, isNew) = await EnvAsync(db, configured.Env, cancel);
        var cluster = await db.Clusters.SingleOrDefaultAsync(c => c.ProviderId == configured.ProviderId, cancel);
        var isFound = cluster is not { DeletedAt: null };
        if (cluster is null)
        {
            cluster = new Cluster
            {
                ProviderId = configured.ProviderId,
                Name = configured.Name,
                RegionName = configured.Region,
                EnvId = env.Id,
            };
            db.Add(cluster);
        }

        if (cluster.DeletedAt is not null)
        {
            (cluster.DeletedAt, cluster.EnvId) = (null, env.Id); // deleted in the pages, and still wanted here
        }

        cluster.RegionName = configured.Region;
        cluster.IsSandbox = configured.Sandbox;
        SetIngress(cluster, configured);
        cluster.LastSeenAt = clock.GetUtcNow();
        if (!configured.InCluster)
        {
            StoreKubeconfig(cluster, Context(configured));
        }

        await db.SaveChangesAsync(cancel);
        if (isNew)
        {
            await AuditLog.AppendAsync(db, Made(env), cancel);
        }

        if (isFound)
        {
            await AuditLog.AppendAsync(db, Found(cluster), cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private static AuditEntry Made(Env env) =>
        new(AuditAction.EnvCreated, AuditActor.System, new AuditSubject("env", env.Id, env.Name)) { EnvId = env.Id };

    private static AuditEntry Found(Cluster cluster) =>
        new(AuditAction.ClusterFound, AuditActor.System, new AuditSubject("cluster", cluster.Id, cluster.Name))
        {
            EnvId = cluster.EnvId,
        };

    /// <summary>What the configuration leaves out stays as a site admin has set it.</summary>
    private static void SetIngress(Cluster cluster, ConfiguredCluster configured)
    {
        cluster.IngressDomain = configured.IngressDomain ?? cluster.IngressDomain;
        cluster.IngressAddress = configured.IngressAddress ?? cluster.IngressAddress;
        cluster.IngressTlsSecretName = configured.IngressTlsSecret ?? cluster.IngressTlsSecretName;
        if (configured.IngressCa is { } file)
        {
            cluster.IngressCa = Certificates(file);
        }
    }

    /// <summary>The certificates of a PEM file and nothing else of it, a key for example.</summary>
    private static string Certificates(string file)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return found.Count > 0 ? found.ExportCertificatePems() : throw new IOException($"{file} holds no certificate");
    }

    /// <summary>Sealing again gives other bytes each time, so it is done only for another content.</summary>
    private void StoreKubeconfig(Cluster cluster, byte[] kubeconfig)
    {
        if (cluster.Kubeconfig is { } stored
            && envelope.Open(stored, cluster.KubeconfigContext).AsSpan().SequenceEqual(kubeconfig))
        {
            return;
        }

        cluster.Kubeconfig = envelope.Seal(kubeconfig, cluster.KubeconfigContext);
    }

    /// <summary>One context of a kubeconfig file, with the files that it names taken in.</summary>
    private static byte[] Context(ConfiguredCluster configured)
    {
        var path = configured.Kubeconfig
            ?? throw new KubeConfigException("neither Kubeconfig nor InCluster is set for it");
        using var file = File.OpenRead(path);
        var all = KubernetesClientConfiguration.LoadKubeConfig(file);
        var name = configured.Context ?? all.CurrentContext;
        var context = all.Contexts.SingleOrDefault(c => c.Name == name)
            ?? throw new KubeConfigException($"{path} has no context '{name}'");
        var cluster = all.Clusters.Single(c => c.Name == context.ContextDetails.Cluster);
        var user = all.Users.SingleOrDefault(u => u.Name == context.ContextDetails.User);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;

        var endpoint = cluster.ClusterEndpoint;
        endpoint.CertificateAuthorityData ??= Embed(endpoint.CertificateAuthority, folder);
        endpoint.CertificateAuthority = null;
        if (user?.UserCredentials is { } credentials)
        {
            credentials.ClientCertificateData ??= Embed(credentials.ClientCertificate, folder);
            credentials.ClientKeyData ??= Embed(credentials.ClientKey, folder);
            (credentials.ClientCertificate, credentials.ClientKey) = (null, null);
        }

        all.Contexts = [context];
        all.Clusters = [cluster];
        all.Users = user is null ? [] : [user];
        all.CurrentContext = name;
        return Encoding.UTF8.GetBytes(KubernetesYaml.Serialize(all));
    }

    private static string? Embed(string? file, string folder) =>
        string.IsNullOrEmpty(file) ? null : Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder, file)));

    private static async Task<(Env Env, bool IsNew)> EnvAsync(PlatzDb db, string name, CancellationToken cancel)
    {
        if (await db.Envs.SingleOrDefaultAsync(e => e.Name == name, cancel) is { } known)
        {
            return (known, false);
        }

        var env = new Env { Name = name };
        db.Add(env);
        await db.SaveChangesAsync(cancel);
        return (env, true);
    }

    [LoggerMessage(LogLevel.Error, "The cluster {Cluster} of the configuration is left out: {Reason}")]
    private partial void LogSkipped(string cluster, string reason);
}
