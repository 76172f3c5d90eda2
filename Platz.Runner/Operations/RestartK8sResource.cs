using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

/// <summary>
/// Restarts what one object of a deployment runs: once in effect, however often it is said (faults.md P7). The
/// annotation is the task's own time, and only the very pod that was meant is deleted.
/// </summary>
internal sealed class RestartK8sResourceHandler(IDbContextFactory<PlatzDb> databases)
    : IOperationHandler<RestartK8sResource>
{
    private const string Deployment = nameof(Deployment);
    private const string StatefulSet = nameof(StatefulSet);
    private const string Pod = nameof(Pod);

    public async Task RunAsync(RestartK8sResource operation, TaskRun run)
    {
        await run.PhaseAsync(Phase.Find, status: null, () => FindAsync(operation, run));
        await run.PhaseAsync(Phase.Restart, status: null, () => RestartAsync(operation, run));
    }

    private async Task FindAsync(RestartK8sResource operation, TaskRun run)
    {
        var known = await ReadAsync(operation, run);
        if (known is null || known.DeploymentId != run.Task.DeploymentId || known.Name != operation.ResourceName)
        {
            throw new OperationException(
                $"{operation.ResourceName} ({operation.ResourceId}) is no resource of this deployment, or is gone.");
        }

        if (known.Kind is not (Deployment or StatefulSet or Pod))
        {
            throw new OperationException($"A {known.Kind} cannot be restarted; a Deployment, StatefulSet or Pod can.");
        }

        if (!await DeploymentNamespace.TryEnsureRightsAsync(run))
        {
            throw Gone(known.Kind, operation, run);
        }

        var uid = await run.CallAsync((c, cancel) => UidAsync(c, known.Kind, known.Name, run.Place.Namespace, cancel));
        if (uid != $"{operation.ResourceId}")
        {
            throw Gone(known.Kind, operation, run);
        }

        run.Note($"Restarting the {known.Kind} {run.Place.Namespace}/{known.Name}.");
    }

    private async Task RestartAsync(RestartK8sResource operation, TaskRun run)
    {
        // A pod's row goes with the pod: who resumes here may find none.
        var kind = operation.ResourceKind ?? (await ReadAsync(operation, run))?.Kind ?? Pod;
        run.BeginEffect();
        await run.CallAsync(async (c, cancel) =>
        {
            try
            {
                await (kind is Pod ? DeleteAsync(c, operation, run, cancel) : PatchAsync(c, kind, operation, run, cancel));
                return true;
            }
            catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound) || e.Is(HttpStatusCode.Conflict))
            {
                // Another object of that name has taken its place, or none: of a pod that is what was wanted.
                return kind is Pod ? true : throw Gone(kind, operation, run);
            }
        });
        run.Note(kind is Pod ? "The pod was deleted." : $"The pods of the {kind} are being replaced.");
    }

    private static async Task DeleteAsync(
        IKubernetes cluster, RestartK8sResource operation, TaskRun run, CancellationToken cancel) =>
        await cluster.CoreV1.DeleteNamespacedPodAsync(
            operation.ResourceName, run.Place.Namespace,
            new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = $"{operation.ResourceId}" } },
            cancellationToken: cancel);

    private static Task PatchAsync(
        IKubernetes cluster, string kind, RestartK8sResource operation, TaskRun run, CancellationToken cancel)
    {
        var at = run.Task.StartedAt!.Value.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var template = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = at },
            },
        };
        var restart = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = $"{operation.ResourceId}" },
            ["spec"] = new JsonObject { ["template"] = template },
        };
        var patch = new V1Patch(restart.ToJsonString(), V1Patch.PatchType.StrategicMergePatch);
        return kind is Deployment
            ? cluster.AppsV1.PatchNamespacedDeploymentAsync(
                patch, operation.ResourceName, run.Place.Namespace, cancellationToken: cancel)
            : cluster.AppsV1.PatchNamespacedStatefulSetAsync(
                patch, operation.ResourceName, run.Place.Namespace, cancellationToken: cancel);
    }

    /// <summary>The uid of the object of that name as it is now; null when there is none.</summary>
    private static async Task<string?> UidAsync(
        IKubernetes cluster, string kind, string name, string ns, CancellationToken cancel)
    {
        try
        {
            IMetadata<V1ObjectMeta> live = kind switch
            {
                Deployment => await cluster.AppsV1.ReadNamespacedDeploymentAsync(name, ns, cancellationToken: cancel),
                StatefulSet => await cluster.AppsV1.ReadNamespacedStatefulSetAsync(name, ns, cancellationToken: cancel),
                _ => await cluster.CoreV1.ReadNamespacedPodAsync(name, ns, cancellationToken: cancel),
            };
            return live.Metadata.Uid;
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    private async Task<K8sResource?> ReadAsync(RestartK8sResource operation, TaskRun run) => await DatabaseRetry.RunAsync(
        async () =>
        {
            await using var db = await databases.CreateDbContextAsync(run.Stop);
            return await db.K8sResources.AsNoTracking()
                .SingleOrDefaultAsync(r => r.Id == operation.ResourceId, run.Stop);
        },
        run.Stop);

    private static OperationException Gone(string kind, RestartK8sResource operation, TaskRun run) => new(
        $"The {kind} {operation.ResourceName} is gone from {run.Place.Namespace} on {run.Place.Cluster.Name}, "
        + "or another of that name has taken its place.");
}
