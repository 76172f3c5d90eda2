using System.Globalization;
using System.Text.Json.Nodes;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Tests.Support;
using Platz.Web.Deployments;

namespace Platz.Tests.Web.Deployments;

public sealed class ReportedStatusPagesTests(PostgresServer postgres) : PageTest(postgres)
{
    private const string Stressed = """
        {"timestamp": "2026-11-24T00:10:00Z", "get_successful": true, "content": {
          "status": {"name": "Stressed", "color": "warning"},
          "primary_metric": {"value": "1234567", "unit": "req/s", "short_description": "Rate"},
          "metrics": [{"value": "0.25", "unit": "%", "short_description": "<b>Errors</b>"}],
          "notices": [{"level": "Info", "text": "all is well"}, {"level": "Danger", "text": "disk \u001b[31mfull\u001b[0m"}]}}
        """;

    private Deployment _deployment = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _deployment = await AddDeploymentAsync();
    }

    [Fact]
    public async Task The_page_shows_status_notices_and_metrics_in_words()
    {
        await ReportAsync(Stressed);
        var view = Open();

        view.WaitForAssertion(() => Assert.EndsWith(
            "Stressed", view.Find("[data-reported]").TextContent.Trim(), StringComparison.Ordinal), Patience);
        Assert.Contains("chip-warn", view.Find("[data-reported]").ClassName, StringComparison.Ordinal);
        Assert.Equal(["Rate", "<b>Errors</b>"], view.FindAll(".metric-card dt").Select(dt => dt.TextContent));
        Assert.Equal(["1.2M", "0.25"], view.FindAll(".metric-card dd b").Select(b => b.TextContent));
        Assert.Contains("Danger: disk full", view.Find(".notice-bad").TextContent, StringComparison.Ordinal);
        Assert.Contains("all is well", view.Find(".notice-info").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_open_follows_what_is_reported()
    {
        var view = Open();
        view.WaitForAssertion(() => view.Find(".tabs"), Patience);
        Assert.Empty(view.FindAll("[data-reported]"));

        await ReportAsync(Stressed);
        view.WaitForAssertion(() => view.Find("[data-reported]"), Patience);

        await ReportAsync("""{"get_successful": false, "content": null, "error": "connection <refused>"}""");
        view.WaitForAssertion(() => Assert.Contains(
            "could not be asked for its status: connection <refused>",
            view.Find("[data-reported-error]").TextContent, StringComparison.Ordinal), Patience);
        Assert.Empty(view.FindAll("[data-reported]"));
    }

    [Fact]
    public async Task The_list_shows_the_reported_status_the_metric_and_that_there_are_warnings()
    {
        await ReportAsync(Stressed);
        var table = Page.Render<DeploymentTable>(p => p.Add(t => t.Env, Env).Add(t => t.Kind, Kind));

        table.WaitForAssertion(() => Assert.Contains(
            "Stressed", table.Find("[data-reported]").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("1.2M", table.Find(".list-metric b").TextContent);
        Assert.Contains("1 warning", table.Find("tbody th").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_disabled_reports_nothing_any_more()
    {
        await ReportAsync(Stressed);
        await ExecuteAsync("UPDATE deployments SET enabled = false");
        var table = Page.Render<DeploymentTable>(p => p.Add(t => t.Env, Env).Add(t => t.Kind, Kind));

        table.WaitForAssertion(() => table.Find("tbody tr"), Patience);
        Assert.Empty(table.FindAll("[data-reported]"));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("12.345", "12.35")]
    [InlineData("999.99", "999.99")]
    [InlineData("999.999", "1K")]
    [InlineData("1234", "1.2K")]
    [InlineData("999950", "1M")]
    [InlineData("-2500000", "-2.5M")]
    [InlineData("3000000000", "3B")]
    [InlineData("79228162514264337593543950335", "79228162514264337.6T")]
    public void Numbers_fit_a_line(string value, string words) =>
        Assert.Equal(words, MetricNumber.Brief(decimal.Parse(value, CultureInfo.InvariantCulture)));

    private IRenderedComponent<DeploymentView> Open() =>
        Page.Render<DeploymentView>(p => p.Add(v => v.Place, Place).Add(v => v.Id, _deployment.Id.ToString()));

    private async Task ReportAsync(string json)
    {
        await using var db = await DbAsync();
        var row = await db.Deployments.SingleAsync(Cancel);
        row.ReportedStatus = JsonNode.Parse(json)!.AsObject();
        await db.SaveChangesAsync(Cancel);
    }
}
