using Platz.Web.Security;

namespace Platz.Tests.Web.Security;

public sealed class EdgeOptionsTests
{
    private static readonly string[] s_origins =
        ["https://portal.example.org", "https://a.example.org:8443", "http://localhost:3000"];

    private static readonly string[] s_proxies = ["10.0.0.0/8", "192.0.2.1", "::1", "fd00::/8"];
    private static readonly string[] s_hosts = ["platz.example.org", "*.example.org", "192.0.2.1"];

    [Fact]
    public void What_is_written_in_full_is_taken() => Assert.True(Validate(s_origins, s_proxies, s_hosts) is null);

    [Theory]
    [InlineData("*")]
    [InlineData("https://*.example.org")]
    [InlineData("http://portal.example.org")]
    [InlineData("https://portal.example.org/")]
    [InlineData("https://portal.example.org/path")]
    [InlineData("https://portal.example.org:443")]
    [InlineData("https://Portal.example.org")]
    [InlineData("https://user@portal.example.org")]
    [InlineData("null")]
    [InlineData("portal.example.org")]
    [InlineData("")]
    public void An_origin_that_no_browser_would_send_stops_the_start(string origin) =>
        Assert.Contains($"'{origin}'", Validate([origin], s_proxies, s_hosts));

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("10.1")]
    [InlineData("proxy.example.org")]
    [InlineData("")]
    public void A_proxy_that_could_be_anybody_stops_the_start(string proxy) =>
        Assert.Contains($"'{proxy}'", Validate(s_origins, [proxy], s_hosts));

    [Theory]
    [InlineData("https://platz.example.org")]
    [InlineData("platz.example.org:8080")]
    [InlineData("*")]
    [InlineData("")]
    public void A_host_that_is_no_name_stops_the_start(string host) =>
        Assert.Contains($"'{host}'", Validate(s_origins, s_proxies, [host]));

    private static string? Validate(string[] origins, string[] proxies, string[] hosts) =>
        new EdgeOptionsValidator().Validate(
            null, new EdgeOptions { Cors = new() { Origins = origins }, Proxies = proxies, Hosts = hosts }).FailureMessage;
}
