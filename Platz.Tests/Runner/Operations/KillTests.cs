using System.Diagnostics;
using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

/// <summary>
/// A runner that is killed in any phase of any operation, as the code lists them: what comes out is what an undisturbed
/// run leaves, and Helm ran no more often. The database keeps each task in its phase until the runner is dead.
/// </summary>
public sealed class KillTests(PostgresServer postgres, ChartRegistry registry) : OperationTest(postgres, registry)
{
    // To the runner it looks as if the database had no connection to spare: it tries again, and is killed at that.
    private const string KillPoints = """
        CREATE TABLE kill_points (task_id uuid, phase text);
        CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (NEW.phase <> OLD.phase OR NEW.status <> OLD.status)
                AND EXISTS (SELECT FROM kill_points AS k WHERE k.task_id = OLD.id AND k.phase = OLD.phase) THEN
                RAISE EXCEPTION 'held' USING ERRCODE = 'too_many_connections';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER hold BEFORE UPDATE ON deployment_tasks FOR EACH ROW EXECUTE FUNCTION hold();
        """;

    [Fact]
    public async Task Killing_the_runner_in_any_phase_changes_nothing_about_the_end()
    {
        Settings["Runner:MaxConcurrentTasks"] = Settings["Runner:MaxConcurrentTasksPerCluster"] = "64";
        Settings["Runner:LeaseDuration"] = "00:00:10"; // the successor begins with everything at once, on a busy machine
        await StartRunnerAsync();
        await ExecuteAsync(KillPoints);
        var undisturbed = OperationPhases.Kinds.Select(kind => new Subject(kind, null)).ToList();
        var doomed = OperationPhases.Kinds
            .SelectMany(kind => OperationPhases.Of(kind).Select(phase => new Subject(kind, phase))).ToList();
        await PrepareAsync([.. undisturbed, .. doomed]);
        await QueueAsync(undisturbed);
        foreach (var subject in undisturbed)
        {
            await EndOfAsync(subject.TaskId);
        }

        await StopRunnersAsync();
        await KillAsync(doomed);
        await StartRunnerAsync();

        var expected = new Dictionary<string, End>();
        foreach (var subject in undisturbed)
        {
            expected[subject.Kind] = await EndAsync(subject);
            Assert.Equal((subject.Kind, DeploymentTaskStatus.Done), (subject.Kind, expected[subject.Kind].Status));
        }

        foreach (var subject in doomed)
        {
            var end = await EndAsync(subject);
            Assert.Equal((subject.Name, subject.Phase is Phase.Call
                ? AfterLostCall(expected[subject.Kind], end)
                : expected[subject.Kind] with { Attempt = 2 }), (subject.Name, end));
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
            Attempt = 2,
            Reason = end.Reason,
            Calls = end.Calls,
        };
    }

    private async Task KillAsync(List<Subject> doomed)
    {
        await QueueAsync(doomed);
        var runner = StartRunnerProcess();
        await UntilAsync(async _ => await ArrivedAsync(doomed) == doomed.Count ? "all there" : null, seconds: 240);
        await runner.KillAsync();
        Assert.Equal(doomed.Count, await ArrivedAsync(doomed));
        await ExecuteAsync("TRUNCATE kill_points");
    }

    /// <summary>How many tasks are in the phase that they shall be killed in.</summary>
    private async Task<long> ArrivedAsync(List<Subject> doomed)
    {
        await using var command = Source.CreateCommand("""
            SELECT count(*) FROM kill_points JOIN deployment_tasks AS t ON t.id = task_id
            WHERE t.phase = kill_points.phase AND t.status = 'Started' AND t.id = ANY(@ids)
            """);
        command.Parameters.AddWithValue("ids", doomed.Select(d => d.TaskId).ToArray());
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private async Task PrepareAsync(List<Subject> subjects)
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

    private async Task QueueAsync(List<Subject> subjects)
    {
        foreach (var subject in subjects)
        {
            await using var hold = Source.CreateCommand("INSERT INTO kill_points VALUES (@task, @phase)");
            subject.TaskId = await QueueAsync(subject);
            if (subject.Phase is { } phase)
            {
                hold.Parameters.AddWithValue("task", subject.TaskId);
                hold.Parameters.AddWithValue("phase", phase);
                await hold.ExecuteNonQueryAsync(Cancel);
            }
        }
    }

    private async Task<Guid> QueueAsync(Subject subject)
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

    private async Task<End> EndAsync(Subject subject)
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

    private sealed class Subject(string kind, string? phase)
    {
        public string Kind => kind;

        /// <summary>Null: left alone.</summary>
        public string? Phase => phase;

        public string Name => $"{kind.ToLowerInvariant()}-{phase ?? "undisturbed"}";

        public Deployment? Deployment { get; set; }

        public Guid TaskId { get; set; }
    }

    private sealed record End(
        DeploymentTaskStatus Status, TaskEffect? Effect, string? Reason, int Attempt, DeploymentStatus DeploymentStatus,
        string Revision, string Here, string There, string HelmRuns, int Calls);
}
