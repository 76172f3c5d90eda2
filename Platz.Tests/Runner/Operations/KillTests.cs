using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

/// <summary>
/// A runner that is killed in any phase of any operation, as the code lists them: what comes out is what an undisturbed
/// run leaves, and Helm ran no more often.
/// </summary>
public sealed class KillTests(PostgresServer postgres, ChartRegistry registry) : OperationTest(postgres, registry)
{
    public static TheoryData<string> Kinds => [.. OperationPhases.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Killing_the_runner_in_any_phase_changes_nothing_about_the_end(string kind)
    {
        Settings["Runner:MaxAttempts"] = "20"; // those that wait for their own kill are hit by those of others too
        await StartRunnerAsync();
        var undisturbed = await PrepareAsync(kind, "undisturbed");
        var doomed = new List<(string Phase, Subject Subject)>();
        foreach (var phase in OperationPhases.Of(kind))
        {
            doomed.Add((phase, await PrepareAsync(kind, phase)));
        }

        await undisturbed.QueueAsync();
        await EndOfAsync(undisturbed.TaskId);
        await StopRunnersAsync();
        foreach (var (phase, subject) in doomed)
        {
            await KillInAsync(phase, subject);
        }

        await StartRunnerAsync();
        var expected = await EndAsync(undisturbed, await EndOfAsync(undisturbed.TaskId));
        foreach (var (phase, subject) in doomed)
        {
            var task = await EndOfAsync(subject.TaskId);
            Assert.True(task.Attempt > 1, $"{kind} was not killed in {phase}");
            var end = await EndAsync(subject, task);
            Assert.Equal((phase, phase is Phase.Call ? AfterLostCall(expected, end) : expected), (phase, end));
        }
    }

    /// <summary>The one thing that cannot be done twice: what came of it nobody knows, and it is said (faults.md P6).</summary>
    private static End AfterLostCall(End expected, End end)
    {
        Assert.StartsWith("The outcome is unknown", end.Reason);
        Assert.InRange(end.Calls, 0, 1);
        return expected with
        {
            Status = DeploymentTaskStatus.Failed,
            Effect = TaskEffect.Partial,
            Reason = end.Reason,
            Calls = end.Calls,
        };
    }

    /// <summary>A runner of its own, made slow enough to be caught, killed while the task is in the phase.</summary>
    private async Task KillInAsync(string phase, Subject subject)
    {
        foreach (var cluster in new[] { Sandbox, Other })
        {
            cluster.Faults.Add(new CallFault(Count: 1_000_000, DelaySeconds: 0.4));
        }

        await subject.QueueAsync();
        await using (var runner = StartRunnerProcess())
        {
            await UntilAsync(
                async db => await db.Tasks.AnyAsync(t => t.Id == subject.TaskId && t.Phase == phase, Cancel) ? "there" : null);
            await runner.KillAsync();
        }

        Sandbox.Faults.Reset();
        Other.Faults.Reset();
        await using var after = await DbAsync();
        var killed = await after.Tasks.AsNoTracking().SingleAsync(t => t.Id == subject.TaskId, Cancel);
        Assert.Equal((DeploymentTaskStatus.Started, phase), (killed.Status, killed.Phase));
    }

    private async Task<Subject> PrepareAsync(string kind, string name)
    {
        Func<Deployment, Task<Guid>> queue = kind switch
        {
            nameof(Install) => d => QueueAsync(d, new Install(d.HelmChartId, [], d.ValuesOverride)),
            nameof(Upgrade) => d => QueueAsync(d, new Upgrade(d.HelmChartId, d.HelmChartId, [], null, d.ValuesOverride)),
            nameof(Reinstall) => d => QueueAsync(d, new Reinstall("because", [])),
            nameof(Recreate) => d => MoveAsync(d, "other", d.Namespace),
            nameof(Uninstall) => d => QueueAsync(d, new Uninstall()),
            nameof(InvokeAction) => async d =>
            {
                await SetActionsAsync(d, Action("reindex", "/platz/reindex"));
                return await QueueAsync(d, new InvokeAction(d.HelmChartId, "reindex", []));
            },
            nameof(RestartK8sResource) => async d =>
            {
                var web = await ResourceAsync(d, "Deployment", "/apis/apps/v1/namespaces/{ns}/deployments");
                return await QueueAsync(d, new RestartK8sResource(web.Id, web.Name, web.Kind));
            },
            _ => throw new UnreachableException($"Say here how to queue a {kind}."),
        };
        return new Subject(await InstallAsync(name), queue);
    }

    private async Task<End> EndAsync(Subject subject, DeploymentTask task)
    {
        var deployment = await DeploymentAsync(subject.Deployment.Id);
        var ns = deployment.Namespace;
        var revision = deployment.RevisionId switch
        {
            null => "none",
            { } id when id == task.Id => "this",
            { } id => id == subject.Deployment.RevisionId ? "before" : "another",
        };
        return new End(
            task.Status, task.Effect, task.Reason, deployment.Status, revision,
            await ObjectsAsync(Sandbox, ns), await ObjectsAsync(Other, ns),
            string.Join(' ', Sandbox.Ledger.Runs.Concat(Other.Ledger.Runs)
                .Where(r => r.Pod.StartsWith($"task-{task.Id}-", StringComparison.Ordinal))
                .Select(r => $"{r.Pod[^1]}:{r.Arguments[0]}:{r.ExitCode}").Order()),
            Sandbox.IngressCalls.Count(c => c.Headers["Idempotency-Key"] == $"{task.Id}"));
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

    private sealed class Subject(Deployment deployment, Func<Deployment, Task<Guid>> queue)
    {
        public Deployment Deployment => deployment;

        public Guid TaskId { get; private set; }

        public async Task QueueAsync() => TaskId = await queue(deployment);
    }

    private sealed record End(
        DeploymentTaskStatus Status, TaskEffect? Effect, string? Reason, DeploymentStatus DeploymentStatus,
        string Revision, string Here, string There, string HelmRuns, int Calls);
}
