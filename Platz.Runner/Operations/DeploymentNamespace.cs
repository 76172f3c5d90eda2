using System.Diagnostics;
using System.Net;
using k8s.Autorest;
using k8s.Models;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

/// <summary>The namespace of a deployment: made for it, and touched only if it was.</summary>
internal static class DeploymentNamespace
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_binding = TimeSpan.FromSeconds(10);

    /// <exception cref="OperationException">A namespace of that name belongs to somebody else.</exception>
    public static async Task EnsureAsync(TaskRun run)
    {
        var name = run.Place.Namespace;
        if (await FindAsync(run) is { } existing)
        {
            if (!existing.IsTerminating())
            {
                MustBeOurs(run, existing);
                return;
            }

            run.Note($"The namespace {name} is still being deleted; waiting until it is gone.");
            await WaitUntilGoneAsync(run, existing);
        }

        await CreateAsync(run, dryRun: false);
        MustBeOurs(run, await FindAsync(run));
    }

    /// <summary>Whether the namespace could be made here, without making it.</summary>
    /// <exception cref="OperationException">A namespace of that name belongs to somebody else.</exception>
    public static async Task CheckAsync(TaskRun run)
    {
        if (await FindAsync(run) is not { } existing)
        {
            await CreateAsync(run, dryRun: true);
        }
        else
        {
            MustBeOurs(run, existing);
        }
    }

    /// <summary>
    /// Whether it is there, this deployment's, and stays: nothing can be made in a namespace that is being deleted, not
    /// even what Helm needs to uninstall.
    /// </summary>
    public static async Task<bool> IsUsableAsync(TaskRun run) =>
        await FindAsync(run) is { } ns && IsOurs(run, ns) && !ns.IsTerminating();

    /// <summary>Deletes the namespace and waits until it is gone; says what keeps it when that takes too long.</summary>
    public static async Task DeleteAsync(TaskRun run)
    {
        run.BeginEffect();
        if (await FindAsync(run) is not { } ns || !IsOurs(run, ns))
        {
            return;
        }

        if (ns.IsTerminating())
        {
            run.Note($"The namespace {ns.Metadata.Name} is being deleted; waiting until it is gone.");
        }
        else
        {
            await BeginToDeleteAsync(run, ns);
        }

        await WaitUntilGoneAsync(run, ns);
    }

    /// <summary>
    /// The bindings of a namespace that is being deleted are gone long before its pods, and our right to delete it with
    /// them: who asks twice, after an answer that was lost for example, is refused.
    /// </summary>
    private static async Task BeginToDeleteAsync(TaskRun run, V1Namespace ns)
    {
        try
        {
            await run.CallAsync(async (c, cancel) =>
            {
                await c.EnsureRightsAsync(ns.Metadata.Name, s_binding, cancel); // a chart may have taken them away
                return await c.TryDeleteNamespaceAsync(ns, cancel);
            });
        }
        catch (Exception e) when (e is OperationException
            || (e is HttpOperationException refused
                && (refused.Is(HttpStatusCode.Forbidden) || refused.Is(HttpStatusCode.NotFound))))
        {
            if (await FindAsync(run) is { } left && left.Metadata.Uid == ns.Metadata.Uid && !left.IsTerminating())
            {
                throw;
            }
        }
    }

    /// <summary>Takes the rights there that an account with those of <c>deploy/kubernetes</c> may lack.</summary>
    /// <returns>False where there is no namespace of this deployment, or it is going.</returns>
    public static async Task<bool> TryEnsureRightsAsync(TaskRun run) =>
        await IsUsableAsync(run) && await run.CallAsync(async (c, cancel) =>
        {
            await c.EnsureRightsAsync(run.Place.Namespace, s_binding, cancel);
            return true;
        });

    private static Task<bool> CreateAsync(TaskRun run, bool dryRun) => run.CallAsync((c, cancel) =>
        c.CreateDeploymentNamespaceAsync(run.Place.Namespace, run.Task.DeploymentId, dryRun, cancel));

    private static async Task WaitUntilGoneAsync(TaskRun run, V1Namespace ns)
    {
        var waiting = Stopwatch.StartNew();
        while (await FindAsync(run) is { } left && left.Metadata.Uid == ns.Metadata.Uid)
        {
            if (waiting.Elapsed > run.Options.HelmTimeout)
            {
                throw new OperationException(
                    $"The namespace {ns.Metadata.Name} is not gone after {run.Options.HelmTimeout.TotalMinutes:0} min. "
                    + Obstacles(left));
            }

            await Task.Delay(s_look, run.Stop);
        }
    }

    /// <summary>Kubernetes says in the conditions which objects and finalizers remain (kubernetes.md 2.3).</summary>
    private static string Obstacles(V1Namespace ns) => string.Join(' ',
        (ns.Status?.Conditions ?? []).Where(c => c.Status == "True").Select(c => c.Message));

    private static bool IsOurs(TaskRun run, V1Namespace ns) => ns.BelongsTo(run.Task.DeploymentId);

    private static void MustBeOurs(TaskRun run, V1Namespace? ns)
    {
        if (ns is null || !IsOurs(run, ns))
        {
            throw new OperationException(
                $"The namespace {run.Place.Namespace} exists already on {run.Place.Cluster.Name} and was not made for "
                + "this deployment. Remove or rename it, or give the deployment another name.");
        }
    }

    private static Task<V1Namespace?> FindAsync(TaskRun run) =>
        run.CallAsync((c, cancel) => c.FindNamespaceAsync(run.Place.Namespace, cancel));
}
