using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

public sealed class InvokeActionTests(PostgresServer postgres, ChartRegistry registry)
    : OperationTest(postgres, registry)
{
    [Fact]
    public async Task An_action_is_one_request_with_a_token_of_the_deployment()
    {
        var runner = await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        await SetActionsAsync(deployment, Action("reindex", "/platz/reindex"), Action("wipe", "/platz/data", HttpVerb.DELETE));

        var task = await EndOfAsync(await InvokeAsync(deployment, "reindex", new JsonObject { ["index"] = "pages" }));

        Assert.Equal((DeploymentTaskStatus.Done, null), (task.Status, task.Reason));
        Assert.Equal(["validate", "call"], await PhasesAsync(task.Id));
        var call = Assert.Single(Sandbox.IngressCalls);
        Assert.Equal(($"{deployment.Namespace}.sandbox.test", "POST", "/platz/reindex", """{"index":"pages"}"""),
            (call.Host, call.Method, call.Path, call.Body));
        Assert.Equal(["Authorization", "Content-Length", "Content-Type", "Host", "Idempotency-Key", "X-Platz-Task-Id"],
            call.Headers.Keys.Order());
        Assert.Equal((task.Id.ToString(), task.Id.ToString()), (call.Headers["Idempotency-Key"], call.Headers["X-Platz-Task-Id"]));
        var token = call.Headers["Authorization"]["Bearer ".Length..];
        Assert.Equal(deployment.Id,
            (await runner.Services.GetRequiredService<DeploymentTokens>().FindAsync(token, Cancel))?.Id);
        var log = await LogTextAsync(task.Id);
        Assert.Contains("answered 200 OK", log);
        Assert.Contains("1204", log);
        Assert.DoesNotContain(token, log);
        Assert.Equal(deployment.RevisionId, (await DeploymentAsync(deployment.Id)).RevisionId);

        Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(await InvokeAsync(deployment, "wipe", []))).Status);
        Assert.Equal("", Sandbox.IngressCalls[^1].Body);
    }

    [Fact]
    public async Task The_outputs_of_the_form_are_sent_and_what_does_not_fit_it_is_not()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");

        var task = await EndOfAsync(await InvokeAsync(
            deployment, "reindex", new JsonObject { ["index"] = "users", ["batch"] = 5 }));

        Assert.Equal((DeploymentTaskStatus.Done, null), (task.Status, task.Reason));
        Assert.True(JsonNode.DeepEquals(
            new JsonObject { ["index"] = "users", ["options"] = new JsonObject { ["batch"] = 5 } },
            JsonNode.Parse(Assert.Single(Sandbox.IngressCalls).Body)));
        var wrong = await EndOfAsync(await InvokeAsync(deployment, "reindex", new JsonObject { ["batch"] = 0 }));
        Assert.Equal((DeploymentTaskStatus.Failed, Phase.Validate), (wrong.Status, wrong.Phase));
        Assert.Contains("index", wrong.Reason);
        Assert.Single(Sandbox.IngressCalls);
    }

    [Fact]
    public async Task A_refusal_shows_what_the_chart_said()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        await SetActionsAsync(deployment, Action("explode", "/platz/explode"));

        var task = await EndOfAsync(await InvokeAsync(deployment, "explode", []));

        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.Partial), (task.Status, task.Effect));
        Assert.StartsWith("answered 500 Internal Server Error\n\n", task.Reason);
        Assert.Contains("the index is locked by another writer", task.Reason);
        Assert.Contains("the index is locked by another writer", await LogTextAsync(task.Id));
        Assert.Equal(DeploymentStatus.Running, (await DeploymentAsync(deployment.Id)).Status);
    }

    [Fact]
    public async Task What_must_not_be_called_is_not_called()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        await SetActionsAsync(deployment,
            Action("drain", "/platz/drain") with { AllowedOnStatuses = ["Running", "Paused"] },
            Action("climb", "/platz/%zz"));

        await RefusesAsync(deployment, "drain", "needs the deployment to report its status");
        await ReportAsync(deployment, "Stopped");
        await RefusesAsync(deployment, "drain", "while the deployment reports Stopped; it needs Running or Paused");
        await RefusesAsync(deployment, "climb", "cannot be called");
        await RefusesAsync(deployment, "unknown", "no action 'unknown'");
        await using (var db = await DbAsync())
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.IsActive, false), Cancel);
        }

        await ReportAsync(deployment, "Running");
        await RefusesAsync(deployment, "drain", "Alice may not do this any more");
        var newer = await ChartAsync("kitchen-sink", "1.1.0");
        await using (var db = await DbAsync())
        {
            await db.Deployments.ExecuteUpdateAsync(set => set.SetProperty(d => d.HelmChartId, newer.Id), Cancel);
        }

        await RefusesAsync(deployment, "drain", "The chart changed meanwhile");
        Assert.Empty(Sandbox.IngressCalls);
    }

    private Task<Guid> InvokeAsync(Deployment deployment, string action, JsonObject body) =>
        QueueAsync(deployment, new InvokeAction(deployment.HelmChartId, action, body));

    private async Task RefusesAsync(Deployment deployment, string action, string why)
    {
        var task = await EndOfAsync(await InvokeAsync(deployment, action, []));
        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.None, Phase.Validate), (task.Status, task.Effect, task.Phase));
        Assert.Contains(why, task.Reason);
    }

    private async Task ReportAsync(Deployment deployment, string status)
    {
        await using var db = await DbAsync();
        var row = await db.Deployments.SingleAsync(d => d.Id == deployment.Id, Cancel);
        row.ReportedStatus = new JsonObject
        {
            ["get_successful"] = true,
            ["content"] = new JsonObject { ["status"] = new JsonObject { ["name"] = status, ["color"] = "success" } },
        };
        await db.SaveChangesAsync(Cancel);
    }
}
