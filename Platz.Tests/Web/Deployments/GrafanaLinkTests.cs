using System.Text.Json.Nodes;
using System.Web;
using Platz.Core.Deployments;
using Platz.Web.Deployments;

namespace Platz.Tests.Web.Deployments;

public sealed class GrafanaLinkTests
{
    [Theory]
    [InlineData("https://grafana.example.org", "https://grafana.example.org/explore")]
    [InlineData("https://grafana.example.org/", "https://grafana.example.org/explore")]
    [InlineData(" http://host:3000/grafana/?orgId=1#x ", "http://host:3000/grafana/explore")]
    public void It_opens_the_logs_of_the_namespace_in_the_last_hour(string url, string explore)
    {
        var link = new Uri(GrafanaLink.Explore(new GrafanaPlace(url, "Loki & \"friends\""), "web-shop")!);

        Assert.Equal(explore, link.GetLeftPart(UriPartial.Path));
        var query = HttpUtility.ParseQueryString(link.Query);
        Assert.Equal(["schemaVersion", "panes"], query.AllKeys);
        var pane = JsonNode.Parse(query["panes"]!)!["platz"]!;
        Assert.Equal("Loki & \"friends\"", pane["datasource"]!.GetValue<string>());
        Assert.Equal("{namespace=\"web-shop\"}", pane["queries"]![0]!["expr"]!.GetValue<string>());
        Assert.Equal("now-1h", pane["range"]!["from"]!.GetValue<string>());
        Assert.Equal("now", pane["range"]!["to"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("grafana.example.org")]
    [InlineData("/grafana")]
    [InlineData("javascript:alert(1)//")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:secret@grafana.example.org")]
    public void What_is_no_plain_web_address_makes_no_link(string? url) =>
        Assert.Null(GrafanaLink.Explore(url is null ? null : new GrafanaPlace(url, null), "web-shop"));

    [Fact]
    public void A_name_cannot_leave_its_quotes()
    {
        var link = GrafanaLink.Explore(new GrafanaPlace("https://g.example", null), "a\"} or {b=\"")!;

        var panes = HttpUtility.ParseQueryString(new Uri(link).Query)["panes"]!;
        Assert.Equal(
            "{namespace=\"a\\u0022} or {b=\\u0022\"}",
            JsonNode.Parse(panes)!["platz"]!["queries"]![0]!["expr"]!.GetValue<string>());
    }
}
