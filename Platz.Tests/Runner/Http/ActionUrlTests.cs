using System.Net;
using Platz.Runner.Http;

namespace Platz.Tests.Runner.Http;

public sealed class ActionUrlTests
{
    private const string Host = "web-shop.apps.test";

    [Theory]
    [InlineData("/")]
    [InlineData("/platz/reindex")]
    [InlineData("/a/b/?force=true&x=%20y")]
    [InlineData("/a//b")]
    [InlineData("/@evil.test/x")]
    [InlineData("/.well-known/x")]
    [InlineData("/a..b/...")]
    [InlineData("/caf%C3%A9;v=1")]
    public void A_plain_path_stays_as_it_is_on_our_host(string path)
    {
        var (url, error) = ActionUrl.Build(Host, path);

        Assert.Null(error);
        Assert.Equal($"https://{Host}{path}", url!.AbsoluteUri);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("//evil.test/x")]
    [InlineData("/\\evil.test/x")]
    [InlineData("\\\\evil.test\\x")]
    [InlineData("/%5cevil.test")]
    [InlineData("/%2fevil.test/x")]
    [InlineData("/%252fevil.test/x")]
    [InlineData("@evil.test")]
    [InlineData(".evil.test")]
    [InlineData(":8443/")]
    [InlineData("https://evil.test/")]
    [InlineData("/../admin")]
    [InlineData("/a/./b")]
    [InlineData("/%2e%2e/admin")]
    [InlineData("/a/.%2e/admin")]
    [InlineData("/a/%252e%252e/admin")]
    [InlineData("/a/%25252e%25252e/admin")]
    [InlineData("/a%2f..%2fadmin")]
    [InlineData("/a/..;/admin")]
    [InlineData("/a?x#y")]
    [InlineData("/a%23y")]
    [InlineData("/a\r\nX-Evil: 1")]
    [InlineData("/a%0d%0aX-Evil:1")]
    [InlineData("/a%00")]
    [InlineData("/a b")]
    [InlineData("/a\u0000")]
    [InlineData("/a\u202Eb")]
    [InlineData("/é")]
    [InlineData("/a%zz")]
    [InlineData("/a%")]
    [InlineData("/a\"<>")]
    public void A_path_that_could_lead_elsewhere_is_refused(string path) =>
        Assert.NotNull(ActionUrl.Build(Host, path).Error);

    [Fact]
    public void A_path_of_ten_kilobytes_is_refused() =>
        Assert.NotNull(ActionUrl.Build(Host, "/" + new string('a', 10 * 1024)).Error);

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.1")]
    [InlineData("[::1]")]
    [InlineData("::1")]
    [InlineData("①②⑦.0.0.1")]
    [InlineData("evil.test:8443")]
    [InlineData("user@evil.test")]
    [InlineData("evil.test/x")]
    [InlineData("evil.test#")]
    [InlineData("EVIL.test")]
    [InlineData("evil.test.")]
    [InlineData("-evil.test")]
    [InlineData("evil..test")]
    [InlineData("éxample.test")]
    public void What_is_no_plain_host_name_is_refused(string host) =>
        Assert.NotNull(ActionUrl.Build(host, "/").Error);

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.2.0.1", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("fd00:1::5", true)]
    [InlineData("fd00:2::5", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.8.8.8", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:1::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Addresses_are_public_or_in_a_range_that_was_named(string address, bool allowed) => Assert.Equal(
        allowed,
        AddressRules.Allows(
            IPAddress.Parse(address), ["10.1.0.0/16", "fd00:1::/32", "fd00:ec2::/32", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "::/3", "x"]));
}
