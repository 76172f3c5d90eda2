using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Explain;
using Platz.Core.Tasks;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Runner;

/// <summary>What a cluster, a registry or a pod may do wrong: a clear summary, and nothing half-done.</summary>
public sealed class BadInputTests(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    [Fact]
    public async Task A_namespace_that_is_not_ours_is_left_alone()
    {
        using (var client = Sandbox.Client())
        using (var body = new StringContent("""{"metadata":{"name":"helloweb-shop"}}""", Encoding.UTF8, "application/json"))
        {
            (await client.PostAsync("/api/v1/namespaces", body, Cancel)).EnsureSuccessStatusCode();
        }

        await StartRunnerAsync();
        var saved = await DeployAsync("hello-web", "1.0.0", "shop");
        var task = await EndOfAsync(saved.TaskId);

        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.None, Phase.Namespace),
            (task.Status, task.Effect, task.Phase));
        Assert.Contains("helloweb-shop exists already", task.Reason);
        Assert.Equal(DeploymentStatus.Error, (await DeploymentAsync(saved.DeploymentId)).Status);
        var delete = Assert.IsType<SaveResult.Saved>(await Editor.DeleteAsync(saved.DeploymentId, Alice, null, Cancel));
        Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(delete.TaskId)).Status);
        await Sandbox.UntilAsync("/api/v1/namespaces/helloweb-shop", ns => ns["status"]!["phase"]!.ToString() == "Active",
            Cancel);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_fails_the_task_before_anything_is_done()
    {
        Settings["Runner:ClusterPatience"] = "00:00:02";
        await StartRunnerAsync();
        await ChartAsync("hello-web", "1.0.0");
        await Sandbox.StopAsync();

        var task = await EndOfAsync((await DeployAsync("hello-web", "1.0.0", "shop")).TaskId);

        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.None), (task.Status, task.Effect));
        Assert.StartsWith("The cluster sandbox cannot be reached:", task.Reason);
        Assert.Contains("does not answer", await LogTextAsync(task.Id));
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_named_by_the_task_and_at_the_registry()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        await StartRunnerAsync();
        var chart = await ChartAsync("hello-web", "1.0.0");
        closed.Start();
        var address = closed.LocalEndpoint.ToString();
        closed.Stop();
        Settings["Registries:Sources:0:Url"] = $"http://{address}/charts";
        await StopRunnersAsync();
        await StartRunnerAsync();
        await UntilAsync(db => db.Registries.SingleOrDefaultAsync(
            r => r.Id == chart.HelmRegistryId && r.Error != null, Cancel));

        var task = await EndOfAsync((await DeployAsync("hello-web", "1.0.0", "shop")).TaskId);

        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.None), (task.Status, task.Effect));
        Assert.Contains(address!, task.Reason);
    }

    [Fact]
    public async Task Output_that_no_database_takes_is_stored_harmlessly()
    {
        Sandbox.Faults.Add(new HelmScript { Base64 = Convert.ToBase64String([.. "a\0b "u8, 0xff, 0xfe, .. " <script>\n"u8]) });
        await StartRunnerAsync();
        var saved = await DeployAsync("hello-web", "1.0.0", "shop");
        var task = await EndOfAsync(saved.TaskId);

        Assert.Equal(DeploymentTaskStatus.Done, task.Status);
        Assert.Contains("a\uFFFDb \uFFFD\uFFFD <script>", await LogTextAsync(task.Id));
    }

    [Fact]
    public async Task Of_fifty_megabytes_of_output_the_head_and_the_tail_are_kept()
    {
        Sandbox.Faults.Add(new HelmScript
        {
            Text = "the first line\n",
            Size = 50L << 20,
            Pattern = new string('x', 99) + "\n",
            ExitCode = 1,
        });
        await StartRunnerAsync();
        var task = await EndOfAsync((await DeployAsync("hello-web", "1.0.0", "shop")).TaskId, seconds: 240);

        var log = await Log.AfterAsync(task.Id, 0, 1_000_000, Cancel);
        Assert.Equal(DeploymentTaskStatus.Failed, task.Status);
        Assert.Equal("the first line", log.Lines.First(l => l.Stream is LogStream.Pod).Text);
        Assert.InRange(log.Lines.Sum(l => TaskLogWriter.Size(l.Text)), 4L << 20, (4L << 20) + (300 << 10));
        Assert.InRange(log.Gap!.Bytes, 45L << 20, 47L << 20);
        Assert.InRange(Encoding.UTF8.GetByteCount(task.Reason!), 1, ErrorSummary.MaxBytes);
    }

    [Theory]
    [InlineData("image-pull", "ImagePullBackOff", "image-pull")]
    [InlineData("crash", "restarting failed container", "crash-loop")] // CrashLoopBackOff comes and goes, the event stays
    [InlineData("unschedulable", "Unschedulable", "unschedulable")]
    public async Task What_does_not_become_ready_is_named_with_its_reason_and_explained(
        string outcome, string reason, string failure)
    {
        Settings["Runner:HelmTimeout"] = "00:00:10";
        await StartRunnerAsync();
        var saved = await DeployAsync("hello-web", "1.0.0", "shop", valuesOverride: new JsonObject
        {
            ["podAnnotations"] = new JsonObject { ["sandbox.platz.io/outcome"] = outcome },
        });

        var task = await EndOfAsync(saved.TaskId);

        Assert.Equal(DeploymentTaskStatus.Failed, task.Status);
        Assert.Contains(reason, await LogTextAsync(task.Id));
        Assert.Equal(DeploymentStatus.Error, (await DeploymentAsync(saved.DeploymentId)).Status);
        var explained = await Services.GetRequiredService<FailedTasks>().ExplainAsync(task.Id, task.Reason, Cancel);
        Assert.Equal((failure, "timed-out"), (explained?.Failure.Name, explained?.Symptom?.Name));
    }
}
