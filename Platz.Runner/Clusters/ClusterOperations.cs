using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Platz.Runner.Operations;

namespace Platz.Runner.Clusters;

/// <summary>The words of kubectl that operations use. All are idempotent: said twice, they leave the same.</summary>
internal static class ClusterOperations
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string TaskLabel = "platz.io/task-id";
    public const string DeploymentAnnotation = "platz_deployment_id";
    public const string HelmAccount = "platz-helm";

    private static readonly TimeSpan s_binding = TimeSpan.FromSeconds(10);

    extension(IKubernetes cluster)
    {
        public async Task<V1Namespace?> FindNamespaceAsync(string name, CancellationToken cancel) =>
            await FindAsync(() => cluster.CoreV1.ReadNamespaceAsync(name, cancellationToken: cancel));

        public Task<V1Pod?> FindPodAsync(string name, string ns, CancellationToken cancel) =>
            FindAsync(() => cluster.CoreV1.ReadNamespacedPodAsync(name, ns, cancellationToken: cancel));

        /// <summary>The namespace that Helm pods run in; made with the restricted profile where nobody has made it.</summary>
        public async Task EnsureRunnerNamespaceAsync(string name, CancellationToken cancel)
        {
            if (await cluster.FindNamespaceAsync(name, cancel) is not null)
            {
                return; // who may not make it need not ask
            }

            await CreateAsync(() => cluster.CoreV1.CreateNamespaceAsync(
                new V1Namespace
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = name,
                        Labels = new Dictionary<string, string>
                        {
                            [ManagedBy] = "platz",
                            ["pod-security.kubernetes.io/enforce"] = "restricted",
                        },
                    },
                },
                cancellationToken: cancel));
        }

        /// <param name="dryRun">The API server says whether it would let us, and makes nothing.</param>
        public Task<bool> CreateDeploymentNamespaceAsync(
            string name, Guid deploymentId, bool dryRun, CancellationToken cancel) =>
            CreateAsync(() => cluster.CoreV1.CreateNamespaceAsync(
                new V1Namespace
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = name,
                        Labels = new Dictionary<string, string> { ["platz"] = "yes", [ManagedBy] = "platz" },
                        Annotations = new Dictionary<string, string> { [DeploymentAnnotation] = $"{deploymentId}" },
                    },
                },
                dryRun: dryRun ? "All" : null, cancellationToken: cancel));

        /// <returns>False when that very namespace is gone already.</returns>
        public async Task<bool> TryDeleteNamespaceAsync(V1Namespace ns, CancellationToken cancel)
        {
            try
            {
                await cluster.CoreV1.DeleteNamespaceAsync(
                    ns.Metadata.Name,
                    new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = ns.Metadata.Uid } },
                    cancellationToken: cancel);
                return true;
            }
            catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound) || e.Is(HttpStatusCode.Conflict))
            {
                return false; // a conflict: it is going already, or another of its name has taken its place
            }
        }

        /// <summary>The account whose token Helm uses: admin in its namespace, nothing anywhere else (contract 2.5).</summary>
        public async Task EnsureHelmAccountAsync(string ns, CancellationToken cancel)
        {
            await cluster.EnsureRightsAsync(ns, s_binding, cancel);
            var account = CreateAsync(() => cluster.CoreV1.CreateNamespacedServiceAccountAsync(
                new V1ServiceAccount
                {
                    Metadata = new V1ObjectMeta { Name = HelmAccount, NamespaceProperty = ns, Labels = Managed() },
                    AutomountServiceAccountToken = false,
                },
                ns, cancellationToken: cancel));
            var binding = CreateAsync(() => cluster.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
                new V1RoleBinding
                {
                    Metadata = new V1ObjectMeta { Name = HelmAccount, NamespaceProperty = ns, Labels = Managed() },
                    RoleRef = new V1RoleRef
                    {
                        ApiGroup = "rbac.authorization.k8s.io",
                        Kind = "ClusterRole",
                        Name = "admin",
                    },
                    Subjects =
                    [
                        new Rbacv1Subject { Kind = "ServiceAccount", Name = HelmAccount, NamespaceProperty = ns },
                    ],
                },
                ns, cancellationToken: cancel));
            await Task.WhenAll(account, binding);
        }

        public async Task<string> CreateHelmTokenAsync(string ns, TimeSpan lifetime, CancellationToken cancel)
        {
            var request = await cluster.CoreV1.CreateNamespacedServiceAccountTokenAsync(
                new Authenticationv1TokenRequest
                {
                    Spec = new V1TokenRequestSpec
                    {
                        Audiences = [],
                        ExpirationSeconds = Math.Max(600, (long)lifetime.TotalSeconds),
                    },
                },
                HelmAccount, ns, cancellationToken: cancel);
            return request.Status.Token;
        }

        /// <summary>What the deployment's own pods call Platz with; null where it was not given yet.</summary>
        public async Task<string?> FindDeploymentTokenAsync(string ns, CancellationToken cancel)
        {
            var secret = await FindAsync(() => cluster.CoreV1.ReadNamespacedSecretAsync(
                DeploymentCredentials.SecretName, ns, cancellationToken: cancel));
            return secret?.Data?.TryGetValue(DeploymentCredentials.TokenKey, out var token) is true
                ? Encoding.UTF8.GetString(token)
                : null;
        }

        /// <summary>
        /// Only the very pod that <paramref name="uid"/> names; one that is gone already, with or without another in its
        /// place, is fine. It may take its grace to go.
        /// </summary>
        public async Task DeletePodAsync(string name, string ns, string uid, int graceSeconds, CancellationToken cancel)
        {
            try
            {
                await cluster.CoreV1.DeleteNamespacedPodAsync(
                    name, ns,
                    new V1DeleteOptions
                    {
                        GracePeriodSeconds = graceSeconds,
                        Preconditions = new V1Preconditions { Uid = uid },
                    },
                    cancellationToken: cancel);
            }
            catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound) || e.Is(HttpStatusCode.Conflict))
            {
                // A conflict: another of its name has taken its place.
            }
        }

        /// <summary>One that is gone already is fine.</summary>
        public Task DeleteSecretAsync(string name, string ns, CancellationToken cancel) =>
            FindAsync(() => cluster.CoreV1.DeleteNamespacedSecretAsync(name, ns, cancellationToken: cancel));
    }

    /// <summary>Whether the namespace was made for this deployment.</summary>
    public static bool BelongsTo(this V1Namespace ns, Guid deploymentId) =>
        ns.GetAnnotation(DeploymentAnnotation) == $"{deploymentId}";

    public static bool IsTerminating(this V1Namespace ns) => ns.Metadata.DeletionTimestamp is not null;

    public static Dictionary<string, string> Managed() => new() { [ManagedBy] = "platz" };

    /// <summary>Null instead of 404.</summary>
    private static async Task<T?> FindAsync<T>(Func<Task<T>> read) where T : class
    {
        try
        {
            return await read();
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    /// <returns>False when it is there already.</returns>
    internal static async Task<bool> CreateAsync<T>(Func<Task<T>> create)
    {
        try
        {
            await create();
            return true;
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.Conflict))
        {
            return false;
        }
    }
}
