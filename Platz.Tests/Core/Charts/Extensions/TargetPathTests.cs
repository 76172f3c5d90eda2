using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Core.Charts.Extensions;

public sealed class TargetPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a/b.c/..d/e..")]
    [InlineData("/a?x=1&y=a@b")]
    [InlineData("/users/a@b")]
    [InlineData("/a//b")]
    [InlineData("/100%25")]
    [InlineData("/50%")]
    [InlineData("/ünï/😀")]
    public void A_plain_path_is_fine(string path) => Assert.Null(TargetPath.Problem(path));

    [Theory]
    [InlineData("", "must begin with a slash")]
    [InlineData("a", "must begin with a slash")]
    [InlineData("@evil", "must begin with a slash")]
    [InlineData(".evil.com", "must begin with a slash")]
    [InlineData(":8443/", "must begin with a slash")]
    [InlineData("https://evil/", "must begin with a slash")]
    [InlineData("//evil/x", "must begin with one slash only")]
    [InlineData("/%2Fevil", "must begin with one slash only")]
    [InlineData("/\\evil", "holds a backslash")]
    [InlineData("/a%5cb", "holds a backslash")]
    [InlineData("/../admin", "climbs up with \"..\"")]
    [InlineData("/a/..", "climbs up with \"..\"")]
    [InlineData("/%2e%2e/", "climbs up with \"..\"")]
    [InlineData("/.%2E/", "climbs up with \"..\"")]
    [InlineData("/a%2f..%2fb", "climbs up with \"..\"")]
    [InlineData("/%252e%252e/", "climbs up with \"..\"")]
    [InlineData("/a/..;x/b", "climbs up with \"..\"")]
    [InlineData("/a?x#y", "holds a fragment (#)")]
    [InlineData("/a%23y", "holds a fragment (#)")]
    [InlineData("/a\r\nHost: evil", "holds a control character")]
    [InlineData("/a%0d%0aHost: evil", "holds a control character")]
    [InlineData("/a\0", "holds a control character")]
    [InlineData("/%2525252e", "is percent-encoded several times over")]
    public void A_path_that_could_lead_elsewhere_is_refused(string path, string reason) =>
        Assert.Equal(reason, TargetPath.Problem(path));

    [Fact]
    public void A_path_has_2_KiB_at_most()
    {
        Assert.Null(TargetPath.Problem("/" + new string('a', 2047)));
        Assert.Equal("is longer than 2 KiB", TargetPath.Problem("/" + new string('a', 2048)));
        Assert.Equal("is longer than 2 KiB", TargetPath.Problem("/" + new string('ü', 1024)));
    }
}
