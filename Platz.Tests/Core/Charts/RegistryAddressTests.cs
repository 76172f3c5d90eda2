using Platz.Core.Charts;

namespace Platz.Tests.Core.Charts;

public sealed class RegistryAddressTests
{
    [Theory]
    [InlineData("oci://registry.example.com", "https://registry.example.com/", "", "registry.example.com")]
    [InlineData("oci://charts.example:5000/charts/", "https://charts.example:5000/", "charts", "charts.example:5000")]
    [InlineData("oci://registry.example.com:443/a/b", "https://registry.example.com/", "a/b", "registry.example.com")]
    [InlineData("http://127.0.0.1:5000/charts", "http://127.0.0.1:5000/", "charts", "127.0.0.1:5000")]
    [InlineData("http://[::1]:5000/charts", "http://[::1]:5000/", "charts", "[::1]:5000")]
    public void Tells_where_the_registry_answers(string url, string root, string path, string host)
    {
        var address = RegistryAddress.Parse(url);

        Assert.Equal((root, path, host), (address.Root.AbsoluteUri, address.Path, address.Host));
        Assert.Equal(url.StartsWith("http:", StringComparison.Ordinal), address.PlainHttp);
    }

    [Theory]
    [InlineData("")]
    [InlineData("registry.example.com/charts")]
    [InlineData("ftp://registry.example.com")]
    [InlineData("oci://user:secret@registry.example.com")]
    [InlineData("oci://registry.example.com/?a=b")]
    [InlineData("oci://registry.example.com/Charts")]
    [InlineData("oci://registry.example.com/a b")]
    [InlineData("oci:///charts")]
    public void Says_why_it_cannot_be_one(string url)
    {
        Assert.False(RegistryAddress.TryParse(url, out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.DoesNotContain("secret", problem);
    }

    [Fact]
    public void Gives_helm_the_chart_by_digest() => Assert.Equal("oci://127.0.0.1:5000/charts/web@sha256:ab",
        RegistryAddress.Parse("http://127.0.0.1:5000/charts").HelmReference("charts/web", "sha256:ab"));
}
