using System.Text.Json.Nodes;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Web.Tasks;

/// <summary>What a row leads to and offers.</summary>
public sealed class TaskRowOffersTests : BunitContext
{
    public TaskRowOffersTests()
    {
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(SomeTask.Now)).AddScoped<Ticker>()
            .AddScoped<TimeChoice>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void A_row_leads_to_its_task_and_lists_across_deployments_name_the_deployment()
    {
        var task = SomeTask.With();
        Assert.Equal($"/tasks/{task.Id}", Row(task).Find("th a").GetAttribute("href"));
        Assert.Empty(Row(task).FindAll(".task-place"));

        var row = Render<TaskRow>(p => p.Add(r => r.Task, task).Add(r => r.ShowsDeployment, true)
            .Add(r => r.EnvName, "demo"));

        Assert.Equal($"/deployments/{task.DeploymentId}", row.Find(".task-place a").GetAttribute("href"));
        Assert.Equal("shop", row.Find(".task-place a").TextContent);
        Assert.Equal("Web · new-cluster · demo", row.Find(".task-place .muted").TextContent);
    }

    [Fact]
    public void An_upgrade_is_flagged_for_each_input_it_changes()
    {
        var row = Row(SomeTask.With(new Upgrade(
            Guid.NewGuid(), Guid.NewGuid(), [], Json("""{"a": [1, 2], "b": [null, 1]}"""), null,
            Json("""{"cpu": [null, 2]}""")), chart: "1.1.0", previousChart: "1.0.0"));

        Assert.Equal(
            ["chart 1.0.0 →to 1.1.0", "config 2", "override"],
            row.FindAll(".flag").Select(flag => string.Join(' ', flag.TextContent.Split((char[]?)null,
                StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void A_recreate_is_flagged_for_what_else_was_changed_with_it()
    {
        var move = new Recreate(Guid.Empty, "web-shop", Guid.Empty, "web-store", Guid.NewGuid(), [], null, Guid.NewGuid());
        Assert.Empty(Row(SomeTask.With(move with { PrevHelmChartId = move.HelmChartId })).FindAll(".flag"));

        var row = Row(SomeTask.With(move with { ConfigDelta = Json("""{"replicas": [2, 3]}""") }));

        Assert.Contains("config 1", row.FindAll(".flag").Select(flag => flag.TextContent));
        Assert.Contains("replicas", row.Find(".task-details").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retry_is_counted_and_leads_to_what_it_repeats()
    {
        var (task, retried) = (SomeTask.With(retryOf: Guid.NewGuid()), SomeTask.With());
        var row = Render<TaskRow>(p => p.Add(r => r.Task, task)
            .Add(r => r.Names, OperationNames.None with { Retries = new Dictionary<Guid, int> { [task.Id] = 3 } }));

        Assert.Equal("retry 3", row.Find("a.op-origin").TextContent);
        Assert.Equal($"/tasks/{task.RetryOfTaskId}", row.Find("a.op-origin").GetAttribute("href"));
        Assert.Empty(Row(retried).FindAll(".op-origin"));
    }

    [Theory]
    [InlineData(Pending, "compare cancel")]
    [InlineData(Started, "compare cancel")]
    [InlineData(Done, "compare rollback")]
    [InlineData(Failed, "compare retry")]
    [InlineData(Canceled, "compare retry")]
    public void The_menu_offers_what_fits_the_state(DeploymentTaskStatus status, string offers)
    {
        var task = SomeTask.With(new Install(Guid.Empty, []), status);
        Assert.Equal(offers, Offers(task, isCurrent: false));
        Assert.Equal(offers, Offers(task, isCurrent: true)); // the deployment may say something else by now
        Assert.Empty(Row(task).FindAll(".menu-body [data-act]"));
    }

    [Fact]
    public void What_took_no_inputs_is_not_compared_and_not_rolled_back_to() =>
        Assert.Equal("", Offers(SomeTask.With(new Uninstall(), Done), isCurrent: false));

    private string Offers(DeploymentTask task, bool isCurrent)
    {
        var row = Render<TaskRow>(p => p.Add(r => r.Task, task).Add(r => r.IsCurrent, isCurrent)
            .Add(r => r.OnCancel, () => { }).Add(r => r.OnRetry, () => { })
            .Add(r => r.OnRollback, () => { }).Add(r => r.OnCompare, () => { }));
        return string.Join(' ', row.FindAll(".menu-body [data-act]").Select(item => item.GetAttribute("data-act")));
    }

    private IRenderedComponent<TaskRow> Row(DeploymentTask task) => Render<TaskRow>(p => p.Add(r => r.Task, task));

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
