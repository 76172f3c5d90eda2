using System.Text.Json.Nodes;
using Bunit;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.History;

namespace Platz.Tests.Web.History;

/// <summary>What History tells of a config that was changed through a chart's form.</summary>
public sealed class ConfigChangesTests(PostgresServer postgres) : PageTest(postgres)
{
    private const string Form = """
        {"inputs": [
           {"id": "replicas", "type": "number", "label": "Web pods"},
           {"id": "backup_at", "type": "DaysAndHour", "label": "Time of the backup"},
           {"id": "token", "type": "text", "label": "Token", "sensitive": true},
           {"id": "pin", "type": "text", "label": "PIN", "sensitive": true},
           {"id": "debug", "type": "Checkbox", "label": "Debug output"},
           {"id": "size", "type": "RadioSelect", "label": "Size",
            "options": [{"value": 1, "label": "Small"}, {"value": 2, "label": "Large"}]},
           {"id": "hosts", "type": "array", "itemType": "text", "label": "Hosts"},
           {"id": "upstream", "type": "CollectionSelect", "label": "Upstream", "collection": "deployments"}],
         "outputs": {"values": []}}
        """;

    [Fact]
    public async Task A_change_is_told_by_the_labels_of_the_form()
    {
        var tab = await OpenAsync(
            """{"backup_at": {"run_days": "1", "schedule": "10:00"}, "replicas": 1}""",
            """{"backup_at": {"run_days": "1", "schedule": "11:00"}, "replicas": 2, "unknown": 3}""");

        Assert.Equal(["Time of the backup: hour", "Web pods", "unknown"], Paths(tab, ".task"));
        Assert.Equal(Paths(tab, ".task"), Paths(tab, ".task-expanded"));
        Assert.Equal(["1", "2"], tab.FindAll(".task .change-changed")[1].QuerySelectorAll("del, ins").Select(v => v.TextContent));
    }

    [Fact]
    public async Task Of_a_sensitive_input_it_is_told_that_it_changed_and_no_more()
    {
        var tab = await OpenAsync(
            """{"pin": "1234", "token": {"$sealed": "AQ=="}}""", """{"pin": "5678", "token": {"$sealed": "Ag=="}}""");

        Assert.Equal(["PIN", "Token"], Paths(tab, ".task"));
        Assert.All(tab.FindAll(".change"), change => Assert.Contains(
            "changed (sensitive)", change.TextContent, StringComparison.Ordinal));
        Assert.Empty(tab.FindAll(".change del, .change ins"));
        Assert.DoesNotContain("1234", tab.Markup, StringComparison.Ordinal); // from before it was sensitive
    }

    [Fact]
    public async Task Values_are_told_in_the_words_of_the_form()
    {
        var upstream = await AddDeploymentAsync("upstream");
        var tab = await OpenAsync(
            """{"debug": false, "hosts": ["a.example", "b.example"], "size": 1}""",
            $$"""
              {"backup_at": {"run_days": "1,3", "schedule": "11:00"}, "debug": true,
               "hosts": ["a.example", "c.example"], "size": 2, "upstream": "{{upstream.Id}}"}
              """);

        Assert.Equal(
            [
                "Time of the backup + Mon, Wed at 11:00 UTC", "Debug output Off → On",
                "Hosts, item 2 b.example → c.example", "Size Small → Large", "Upstream + upstream",
            ],
            tab.FindAll(".task-expanded .change").Select(Line));
    }

    [Fact]
    public async Task Hundreds_of_changes_are_shown_on_demand()
    {
        var after = new JsonObject(Enumerable.Range(0, 150).Select(i => KeyValuePair.Create($"k{i:000}", (JsonNode?)i)));
        var tab = await OpenAsync("{}", after.ToJsonString());
        Assert.Equal(100, tab.FindAll(".task-expanded .change").Count);

        await PressAsync(tab, "Show all 150");

        Assert.Equal(150, tab.FindAll(".task-expanded .change").Count);
        Assert.Equal(3, tab.FindAll(".task .change").Count);
    }

    [Fact]
    public async Task A_long_value_is_cut_until_it_is_asked_for()
    {
        var tab = await OpenAsync("{}", new JsonObject { ["key"] = new string('x', 300) }.ToJsonString());

        Assert.Empty(tab.FindAll(".task details.long-text"));
        Assert.EndsWith("…", tab.Find(".task .change ins").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains(new string('x', 300), tab.Find(".task-expanded .long-text pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_that_only_the_older_version_has_keeps_its_label()
    {
        var tab = await OpenAsync(
            """{"replicas": 1}""", "{}", form: """{"inputs": [], "outputs": {"values": []}}""", olderForm: Form);

        Assert.Equal(["Web pods"], Paths(tab, ".task"));
    }

    private async Task<IRenderedComponent<HistoryTab>> OpenAsync(
        string before, string after, string form = Form, string? olderForm = null)
    {
        var (chart, older) = (await AddChartAsync("2.0.0", form), await AddChartAsync("1.9.0", olderForm ?? form));
        var deployment = await AddDeploymentAsync();
        var (was, now) = (JsonNode.Parse(before)!.AsObject(), JsonNode.Parse(after)!.AsObject());
        await EnqueueAsync(TaskFor(deployment, new Upgrade(chart.Id, older.Id, now, ConfigDiff.Between(was, now))));
        var tab = Page.Render<HistoryTab>(p => p
            .Add(t => t.EnvId, Env.Id).Add(t => t.DeploymentId, deployment.Id).Add(t => t.Path, "/history"));
        await ClickAsync(tab, "[aria-label='Details']");
        tab.WaitForElement(".task-expanded .change", Patience);
        return tab;
    }

    private async Task<Chart> AddChartAsync(string version, string form)
    {
        var chart = NewChart(version);
        chart.ValuesUi = JsonNode.Parse(form)!.AsObject();
        await using var db = await DbAsync();
        db.Add(chart);
        await db.SaveChangesAsync(Cancel);
        return chart;
    }

    private static string Line(AngleSharp.Dom.IElement change)
    {
        var values = change.QuerySelectorAll("del, ins").Select(value => value.TextContent.Trim());
        var mark = change.ClassList.Contains("change-added") ? "+ " : "";
        return $"{change.QuerySelector(".change-path")!.TextContent} {mark}{string.Join(" → ", values)}";
    }

    private static IEnumerable<string> Paths(IRenderedComponent<HistoryTab> tab, string row) =>
        tab.FindAll($"{row} .change-path").Select(path => path.TextContent);
}
