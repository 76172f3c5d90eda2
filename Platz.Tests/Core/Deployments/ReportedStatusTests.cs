using System.Text.Json.Nodes;
using Platz.Core.Deployments;

namespace Platz.Tests.Core.Deployments;

public sealed class ReportedStatusTests
{
    [Fact]
    public void The_published_document_is_read_whole()
    {
        var status = Read("""
            {"timestamp": "2026-11-24T00:10:00Z", "get_successful": true, "error": null, "content": {
              "status": {"name": "Started", "color": "success"},
              "primary_metric": {"value": "12.5", "unit": "req/s", "short_description": "Rate", "color": null},
              "metrics": [{"value": 3, "unit": "%", "short_description": "Errors", "color": "danger"}],
              "notices": [{"level": "Warning", "text": "nearly full"}]}}
            """);

        Assert.Equal(("Started", ReportedColor.Success, null), (status.Name, status.Color, status.Error));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 0, 10, 0, TimeSpan.Zero), status.At);
        Assert.Equal(new ReportedMetric(12.5m, "req/s", "Rate", ReportedColor.Secondary), status.PrimaryMetric);
        Assert.Equal([new ReportedMetric(3, "%", "Errors", ReportedColor.Danger)], status.Metrics);
        Assert.Equal([new ReportedNotice(NoticeLevel.Warning, "nearly full")], status.Notices);
    }

    [Theory]
    [InlineData("""{"content": "Started"}""")]
    [InlineData("""{"content": []}""")]
    [InlineData("""{"content": {"status": "Started"}}""")]
    [InlineData("""{"content": {"status": {"name": 7, "color": 3}}}""")]
    [InlineData("""{"content": {"status": {"name": {"a": 1}}, "metrics": {}, "notices": "x", "primary_metric": []}}""")]
    [InlineData("""{"content": {"metrics": [null, 1, {}, {"value": "many"}, {"value": "1e999"}], "notices": [{"text": 1}]}}""")]
    [InlineData("""{"timestamp": "yesterday", "content": {"primary_metric": {"value": true}}}""")]
    [InlineData("""{"timestamp": {}, "get_successful": "no", "error": {"text": 1}}""")]
    public void What_is_not_as_expected_is_left_out(string json)
    {
        var status = Read(json);

        Assert.Equal((null, ReportedColor.Secondary, null), (status.Name, status.Color, status.PrimaryMetric));
        Assert.Empty(status.Metrics);
        Assert.Empty(status.Notices);
        Assert.Null(status.At);
        Assert.Null(status.Error);
    }

    [Fact]
    public void A_number_is_no_colour() =>
        Assert.Equal(ReportedColor.Secondary, Read("""{"content": {"status": {"name": "x", "color": "1"}}}""").Color);

    [Fact]
    public void Who_could_not_be_asked_says_why()
    {
        Assert.Equal("timed out", Read("""{"get_successful": false, "content": null, "error": "timed out"}""").Error);
        Assert.Equal("It did not answer.", Read("""{"get_successful": false}""").Error);
    }

    [Fact]
    public void What_was_never_asked_is_nothing() => Assert.Null(ReportedStatus.Of(null));

    [Fact]
    public void Much_is_cut()
    {
        var notices = new JsonArray();
        for (var i = 0; i < 1000; i++)
        {
            notices.Add(new JsonObject { ["level"] = "Info", ["text"] = new string('x', 10_000) });
        }

        var status = ReportedStatus.Of(new JsonObject { ["content"] = new JsonObject { ["notices"] = notices } })!;

        Assert.Equal(ReportedStatus.Most, status.Notices.Count);
        Assert.All(status.Notices, notice => Assert.InRange(notice.Text.Length, 1, 2000));
    }

    private static ReportedStatus Read(string json) => ReportedStatus.Of(JsonNode.Parse(json)!.AsObject())!;
}
