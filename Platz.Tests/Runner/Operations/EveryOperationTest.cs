using System.Diagnostics;
using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

/// <summary>
/// A test that does every operation there is, as the code lists them, and compares what comes out: rows, objects of both
/// clusters, runs of Helm, calls of actions.
/// </summary>
public abstract class EveryOperationTest(PostgresServer postgres, ChartRegistry registry) : OperationTest(postgres, registry)
{
    private protected async Task PrepareAsync(List<Subject> subjects)
    {
        var installs = new List<(Subject Subject, SaveResult.Saved Saved)>();
        foreach (var subject in subjects.Where(s => s.Kind is not nameof(Install)))
        {
            installs.Add((subject, await SaveAsync(subject.Name)));
        }

        foreach (var (subject, saved) in installs)
        {
            Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(saved.TaskId)).Status);
            subject.Deployment = await DeploymentAsync(saved.DeploymentId);
        }
    }

    private protected async Task<Guid> QueueAsync(Subject subject)
    {
        if (subject.Kind is nameof(Install))
        {
            var saved = await SaveAsync(subject.Name);
            subject.Deployment = await DeploymentAsync(saved.DeploymentId);
            return saved.TaskId!.Value;
        }

        var d = subject.Deployment!;
        return subject.Kind switch
        {
            nameof(Upgrade) => await QueueAsync(d, new Upgrade(d.HelmChartId, d.HelmChartId, d.Config, null, d.ValuesOverride)),
            nameof(Reinstall) => await QueueAsync(d, new Reinstall("because", [])),
            nameof(Recreate) => await MoveAsync(d, "other", d.Namespace),
            nameof(Uninstall) => await QueueAsync(d, new Uninstall()),
            nameof(InvokeAction) => await QueueAsync(
                d, new InvokeAction(d.HelmChartId, "reindex", new JsonObject { ["index"] = "pages" })),
            nameof(RestartK8sResource) => await QueueRestartAsync(d),
            _ => throw new UnreachableException($"Say here how to queue a {subject.Kind}."),
        };
    }

    private async Task<Guid> QueueRestartAsync(Deployment deployment)
    {
        var web = await ResourceAsync(deployment, "Deployment", "/apis/apps/v1/namespaces/{ns}/deployments");
        return await QueueAsync(deployment, new RestartK8sResource(web.Id, web.Name, web.Kind));
    }

    /// <summary>The one thing that cannot be done twice: what came of it nobody knows, and it is said (faults.md P6).</summary>
    private protected static End AfterLostCall(End expected, End end)
    {
        Assert.StartsWith("The outcome is unknown", end.Reason);
        Assert.InRange(end.Calls, 0, 1);
        return expected with
        {
            Status = DeploymentTaskStatus.Failed,
            Effect = TaskEffect.Partial,
            Attempt = 2,
            Reason = end.Reason,
            Calls = end.Calls,
        };
    }

    private protected async Task<End> EndAsync(Subject subject)
    {
        var task = await EndOfAsync(subject.TaskId);
        var deployment = await DeploymentAsync(subject.Deployment!.Id);
        var ns = deployment.Namespace;
        var revision = deployment.RevisionId switch
        {
            null => "none",
            { } id when id == task.Id => "this",
            { } id => id == subject.Deployment.RevisionId ? "before" : "another",
        };
        return new End(
            task.Status, task.Effect, task.Reason, task.Attempt, deployment.Status, revision,
            await ObjectsAsync(Sandbox, ns), await ObjectsAsync(Other, ns),
            string.Join(' ', Sandbox.Ledger.Runs.Concat(Other.Ledger.Runs)
                .Where(r => r.Pod.StartsWith($"task-{task.Id}-", StringComparison.Ordinal))
                .Select(r => $"{r.Pod[^1]}:{r.Arguments[0]}:{r.ExitCode}").Order()),
            Sandbox.IngressCalls.Count(c => c.Headers.GetValueOrDefault("Idempotency-Key") == $"{task.Id}"));
    }

    /// <summary>What is in the namespace: workloads, how often they were rolled out, revisions of the release.</summary>
    private static async Task<string> ObjectsAsync(SandboxServer cluster, string ns)
    {
        if (!await IsThereAsync(cluster, ns))
        {
            return "no namespace";
        }

        var found = new List<string>();
        foreach (var path in new[]
        {
            $"/apis/apps/v1/namespaces/{ns}/deployments", $"/apis/apps/v1/namespaces/{ns}/replicasets",
            $"/apis/apps/v1/namespaces/{ns}/statefulsets", $"/api/v1/namespaces/{ns}/secrets",
            $"/api/v1/namespaces/{ns}/serviceaccounts",
        })
        {
            var items = (await cluster.GetAsync(path, Cancel))["items"]!.AsArray();
            found.Add($"{path.Split('/')[^1]}: {string.Join(' ', items.Select(i => Name(i, ns)).Order())}");
        }

        return string.Join('\n', found);
    }

    /// <summary>Without what differs from one deployment to the next: its namespace, a hash.</summary>
    private static string Name(JsonNode? item, string ns)
    {
        var name = item!["metadata"]!["name"]!.ToString();
        return item["metadata"]!["ownerReferences"] is null ? name.Replace(ns, "NS", StringComparison.Ordinal) : "owned";
    }

    /// <summary>A deployment, and what is done to it.</summary>
    /// <param name="variant">What is different about it; part of its name.</param>
    private protected sealed class Subject(string kind, string variant)
    {
        public string Kind => kind;

        public string Variant => variant;

        public string Name => $"{kind.ToLowerInvariant()}-{variant}";

        public Deployment? Deployment { get; set; }

        public Guid TaskId { get; set; }
    }

    private protected sealed record End(
        DeploymentTaskStatus Status, TaskEffect? Effect, string? Reason, int Attempt, DeploymentStatus DeploymentStatus,
        string Revision, string Here, string There, string HelmRuns, int Calls);
}
