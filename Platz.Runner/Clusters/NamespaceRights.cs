using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Clusters;

/// <summary>
/// What the runner itself may do in the namespace of a deployment. With the roles of <c>deploy/kubernetes</c> that is
/// nothing, until it binds itself the one role that it may bind (docs/kubernetes.md). An identity that may do everything
/// everywhere needs no binding and makes none.
/// </summary>
internal static class NamespaceRights
{
    public const string Role = "platz-runner-deployment";

    private const string RbacGroup = "rbac.authorization.k8s.io";
    private const string AccountPrefix = "system:serviceaccount:";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    extension(IKubernetes cluster)
    {
        /// <summary>Said of namespaces only that were made for the deployment.</summary>
        /// <param name="patience">How long a new binding may take until it is in force.</param>
        /// <exception cref="OperationException">It is bound, and yet not in force.</exception>
        /// <exception cref="HttpOperationException">The cluster does not let us bind it.</exception>
        public async Task EnsureRightsAsync(string ns, TimeSpan patience, CancellationToken cancel)
        {
            if (await cluster.MayWorkInAsync(ns, cancel))
            {
                return;
            }

            var me = await cluster.AuthenticationV1.CreateSelfSubjectReviewAsync(
                new V1SelfSubjectReview(), cancellationToken: cancel);
            await cluster.BindAsync(ns, me.Status.UserInfo.Username, cancel);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(patience);
            while (!await cluster.MayWorkInAsync(ns, cancel))
            {
                if (limit.IsCancellationRequested)
                {
                    throw new OperationException(
                        $"Platz may do nothing in the namespace {ns}: the role {Role} is bound to "
                        + $"{me.Status.UserInfo.Username} there and does not hold. Is it in the cluster as Platz ships it?");
                }

                await Task.Delay(s_look, cancel);
            }
        }

        /// <summary>One right of the role stands for all: nobody has it by chance.</summary>
        private async Task<bool> MayWorkInAsync(string ns, CancellationToken cancel)
        {
            var review = await cluster.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(
                new V1SelfSubjectAccessReview
                {
                    Spec = new V1SelfSubjectAccessReviewSpec
                    {
                        ResourceAttributes = new V1ResourceAttributes
                        {
                            Verb = "patch",
                            Resource = "secrets",
                            NamespaceProperty = ns,
                        },
                    },
                },
                cancellationToken: cancel);
            return review.Status.Allowed;
        }

        private Task<bool> BindAsync(string ns, string user, CancellationToken cancel) =>
            ClusterOperations.CreateAsync(() => cluster.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
                new V1RoleBinding
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = BindingName(user),
                        NamespaceProperty = ns,
                        Labels = ClusterOperations.Managed(),
                    },
                    RoleRef = new V1RoleRef { ApiGroup = RbacGroup, Kind = "ClusterRole", Name = Role },
                    Subjects = [Subject(user)],
                },
                ns, cancellationToken: cancel));
    }

    /// <summary>Another identity gets another binding: what is bound cannot be changed, only added to.</summary>
    private static string BindingName(string user) =>
        $"platz-runner-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)))[..10]}";

    private static Rbacv1Subject Subject(string user) =>
        user.StartsWith(AccountPrefix, StringComparison.Ordinal) && user[AccountPrefix.Length..].Split(':') is [var ns, var name]
            ? new Rbacv1Subject { Kind = "ServiceAccount", Name = name, NamespaceProperty = ns }
            : new Rbacv1Subject { ApiGroup = RbacGroup, Kind = "User", Name = user };
}
