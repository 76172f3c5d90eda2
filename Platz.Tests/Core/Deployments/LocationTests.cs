using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;

namespace Platz.Tests.Core.Deployments;

public sealed class LocationTests
{
    /// <summary>It becomes a namespace and the name of a release, both of them arguments of programs.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a;b")]
    [InlineData("a b")]
    [InlineData("$(x)")]
    [InlineData("`x`")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    [InlineData("--post-renderer=x")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a_b")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    [InlineData("аpp")] // the first letter is Cyrillic
    [InlineData("app①")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")] // 64
    public void A_name_that_is_no_label_is_refused(string name) =>
        Assert.NotNull(Location.NameError("Web", name, Cardinality.Many));

    [Theory]
    [InlineData("Kube", "system")]
    [InlineData("Kube", "public")]
    [InlineData("Kube", "node-lease")]
    public void A_namespace_of_kubernetes_is_nobodys(string kind, string name) =>
        Assert.NotNull(Location.NameError(kind, name, Cardinality.Many));

    [Theory]
    [InlineData("a")]
    [InlineData("shop-2")]
    [InlineData("0")]
    public void A_label_is_a_name(string name) => Assert.Null(Location.NameError("Web", name, Cardinality.Many));
}
