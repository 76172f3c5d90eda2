using System.Text.Json.Nodes;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Web.Tasks;

public sealed class TaskRowTests : BunitContext
{
    private readonly FakeTimeProvider _clock = new(SomeTask.Now);

    public TaskRowTests()
    {
        Services.AddSingleton<TimeProvider>(_clock).AddScoped<Ticker>().AddScoped<TimeChoice>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Theory]
    [InlineData(Pending, false, "Pending")]
    [InlineData(Started, false, "Started")]
    [InlineData(Started, true, "Cancel requested")]
    [InlineData(Done, false, "Done")]
    [InlineData(Failed, false, "Failed")]
    [InlineData(Canceled, false, "Canceled")]
    public void Every_status_has_a_word_and_an_icon(DeploymentTaskStatus status, bool cancelRequested, string word)
    {
        var chip = Row(SomeTask.With(status: status, cancelRequested: cancelRequested)).Find(".chip");

        Assert.StartsWith(word, chip.TextContent.Trim(), StringComparison.Ordinal);
        Assert.NotEmpty(chip.QuerySelectorAll("svg path"));
    }

    [Theory]
    [InlineData(Pending, false, "Cancel task")]
    [InlineData(Started, false, "Request cancel")]
    [InlineData(Started, true, null)]
    [InlineData(Done, false, null)]
    [InlineData(Failed, false, null)]
    [InlineData(Canceled, false, null)]
    public void Only_a_task_that_can_still_be_canceled_offers_it(
        DeploymentTaskStatus status, bool cancelRequested, string? label)
    {
        var canceled = false;
        var task = SomeTask.With(status: status, cancelRequested: cancelRequested);
        var row = Render<TaskRow>(p => p.Add(r => r.Task, task).Add(r => r.OnCancel, () => canceled = true));
        var buttons = row.FindAll("[aria-label='Cancel task'], [aria-label='Request cancel']");

        Assert.Equal(label, buttons.SingleOrDefault()?.GetAttribute("aria-label"));
        buttons.SingleOrDefault()?.Click();
        Assert.Equal(label is not null, canceled);
    }

    [Fact]
    public void A_read_only_row_offers_no_cancel() =>
        Assert.Empty(Row(SomeTask.With()).FindAll("[aria-label='Cancel task']"));

    [Fact]
    public void An_upgrade_shows_both_chart_versions_and_what_changed()
    {
        var row = Row(SomeTask.With(UpgradeFrom(
            """{"replicas": 2, "old": true}""",
            """{"replicas": 4, "host": "<b>x</b>"}"""), Done, chart: "1.1.0", previousChart: "1.0.0"));

        Assert.Equal(["1.0.0", "1.1.0"], row.FindAll(".op-line .version").Select(v => v.TextContent));
        Assert.Equal("upgrade", row.Find(".op-detail").TextContent);
        Assert.Contains("\"<b>x</b>\"", row.Find(".change-added ins").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", row.Find(".change-removed del").TextContent);
        Assert.Equal("2", row.Find(".change-changed del").TextContent);
        Assert.Equal("4", row.Find(".change-changed ins").TextContent);
        Assert.Empty(row.FindAll("b b"));
    }

    [Fact]
    public void A_change_of_the_values_override_alone_is_shown_too()
    {
        var task = SomeTask.With(new Upgrade(Guid.Empty, Guid.Empty, [], [], [], Delta("{}", """{"cpu": 2}""")));
        var row = Render<TaskRow>(p => p.Add(r => r.Task, task).Add(r => r.ShowsOverride, true));

        Assert.Equal("reconfigure", row.Find(".op-detail").TextContent);
        Assert.Contains("Values override", row.Find(".changes").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_read_the_override_learns_that_it_changed_and_nothing_of_it()
    {
        var row = Row(SomeTask.With(new Upgrade(
            Guid.Empty, Guid.Empty, [], [], [], Delta("{}", """{"token": "hush"}"""))));

        Assert.Contains("Values override changed", row.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", row.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("token", row.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reinstall_says_why() =>
        AssertDetails(new Reinstall("secret db/password changed", []), "secret db/password changed");

    [Fact]
    public void A_recreate_names_both_clusters()
    {
        var old = Guid.NewGuid();
        var task = SomeTask.With(new Recreate(old, "web-shop", Guid.NewGuid(), "web-shop", Guid.Empty, [], null), Done);
        var recreate = (Recreate)task.Operation;
        var clusters = new Dictionary<Guid, string>
        {
            [old] = "old-cluster",
            [recreate.NewClusterId] = "new-cluster",
        };
        var row = Render<TaskRow>(p => p.Add(r => r.Task, task)
            .Add(r => r.Names, OperationNames.None with { Clusters = clusters }));

        Assert.Contains("old-cluster", row.Find(".task-details").TextContent, StringComparison.Ordinal);
        Assert.Contains("new-cluster", row.Find(".task-details").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_shows_its_id_and_its_body()
    {
        var body = new JsonObject { ["scope"] = "<all>" };
        AssertDetails(new InvokeAction(Guid.Empty, "flush-cache", body), "flush-cache", """{"scope":"<all>"}""");
    }

    [Fact]
    public void An_action_is_called_as_its_chart_calls_it()
    {
        var action = new InvokeAction(Guid.NewGuid(), "flush-cache", []);
        var titles = new Dictionary<(Guid, string), string> { [(action.HelmChartId, "flush-cache")] = "Flush the cache" };
        var row = Render<TaskRow>(p => p.Add(r => r.Task, SomeTask.With(action))
            .Add(r => r.Names, OperationNames.None with { Actions = titles }));

        Assert.Equal("Flush the cache", row.Find(".op-line b").TextContent);
        Assert.Empty(row.FindAll(".op-json"));
    }

    [Fact]
    public void What_is_sealed_in_the_body_of_an_action_is_masked()
    {
        var body = new JsonObject { ["password"] = new JsonObject { ["$sealed"] = "AAAA" } };
        var row = Row(SomeTask.With(new InvokeAction(Guid.Empty, "login", body)));

        Assert.DoesNotContain("AAAA", row.Markup, StringComparison.Ordinal);
        Assert.Contains("$sensitive", row.Find(".op-json").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deployment_that_acted_is_a_link()
    {
        var upstream = Guid.NewGuid();
        var row = Row(SomeTask.With(actor: new Actor.Deployment(upstream, "upstream")));

        Assert.Equal($"/deployments/{upstream}", row.Find(".actor a").GetAttribute("href"));
    }

    [Fact]
    public void A_restart_shows_kind_and_name() =>
        AssertDetails(new RestartK8sResource(Guid.Empty, "shop-0", "StatefulSet"), "StatefulSet", "shop-0");

    [Fact]
    public void An_operation_of_a_newer_version_is_shown_as_it_is() =>
        AssertDetails(new UnreadableOperation("Teleport", """{"Teleport":{"to":"mars"}}"""), "mars");

    [Theory]
    [InlineData(QueueState.Ready, 0, "Waits for a free runner")]
    [InlineData(QueueState.Ready, 4, "Waits for a free runner, 4 before it")]
    [InlineData(QueueState.Blocked, 1, "Next in line, behind Upgrade, which runs")]
    [InlineData(QueueState.Blocked, 3, "3 before it in line, behind Upgrade, which runs")]
    public void A_pending_task_says_what_it_waits_for(QueueState state, int ahead, string words)
    {
        var head = state is QueueState.Blocked ? new LineHead(Guid.NewGuid(), "Upgrade", Runs: true) : null;
        var row = Render<TaskRow>(p => p.Add(r => r.Task, SomeTask.With())
            .Add(r => r.Wait, new QueuePlace(state, ahead, head)));

        Assert.Equal(words, string.Join(' ', row.Find(".progress").TextContent.Split(
            (char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace(" ,", ",", StringComparison.Ordinal));
        Assert.Equal(head is null ? 0 : 1, row.FindAll(".progress a").Count);
    }

    [Fact]
    public void A_failed_task_shows_the_first_line_of_its_reason_harmlessly()
    {
        var row = Row(SomeTask.With(status: Failed, reason: "Error: \u001b[31mtimed out\u001b[0m <waiting>\nat line 2"));

        Assert.Equal("Error: timed out <waiting>", row.Find(".error-text").TextContent);
    }

    [Fact]
    public void A_canceled_task_says_who_when_and_why()
    {
        var text = Row(SomeTask.With(status: Canceled)).Find(".progress").TextContent;

        Assert.Contains("Bob 2 minutes ago: “wrong button”. Nothing was changed.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_kinds_of_actors_are_told_apart_in_words()
    {
        Assert.Equal("User", KindOf(new Actor.User(Guid.NewGuid(), "Alice")));
        Assert.Equal("Bot", KindOf(new Actor.Bot(Guid.NewGuid(), "ci")));
        Assert.Equal("Deployment", KindOf(new Actor.Deployment(Guid.NewGuid(), "upstream")));

        string KindOf(Actor actor) => Row(SomeTask.With(actor: actor)).Find(".actor .visually-hidden").TextContent;
    }

    [Fact]
    public void Times_are_relative_and_absolute_and_the_relative_one_ticks()
    {
        var row = Row(SomeTask.With(status: Done));
        var time = row.Find("td.task-when time");
        Assert.Equal("3 minutes ago", time.TextContent);
        Assert.Equal("2026-11-23 11:57:00 UTC", time.GetAttribute("title"));
        Assert.Equal("waited 2 s · ran 58 s", row.Find("td.task-when .muted").TextContent);

        _clock.Advance(TimeSpan.FromMinutes(1));

        row.WaitForAssertion(() => Assert.Equal("4 minutes ago", row.Find("td.task-when time").TextContent));
    }

    [Fact]
    public void A_later_attempt_is_marked()
    {
        var row = Row(SomeTask.With(status: Done, attempt: 2));

        Assert.Contains("attempt 2", row.Find("th").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<TaskRow> Row(DeploymentTask task) => Render<TaskRow>(p => p.Add(r => r.Task, task));

    private void AssertDetails(Operation operation, params string[] words)
    {
        var row = Row(SomeTask.With(operation));
        Assert.Equal(operation.Kind, row.Find(".op-name").TextContent);
        Assert.All(words, word => Assert.Contains(word, row.Find(".task-details").TextContent, StringComparison.Ordinal));
    }

    private static Upgrade UpgradeFrom(string before, string after) =>
        new(Guid.NewGuid(), Guid.NewGuid(), [], Delta(before, after), null, null);

    private static JsonObject Delta(string before, string after) =>
        ConfigDiff.Between(JsonNode.Parse(before)!.AsObject(), JsonNode.Parse(after)!.AsObject());
}
