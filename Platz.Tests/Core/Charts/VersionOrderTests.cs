using Platz.Core.Charts;

namespace Platz.Tests.Core.Charts;

public sealed class VersionOrderTests
{
    /// <summary>The example of semver.org 11, and what registries hold besides.</summary>
    [Fact]
    public void Versions_are_ordered_as_semver_says()
    {
        string[] ordered =
        [
            "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "v1.0.1", "1.2.0", "1.10.0", "2.0.0", "2.0.0.1", "99999999999999999999.0.0", "main-1",
        ];

        Assert.Equal(ordered, ordered.Reverse().Order(VersionOrder.Instance));
    }

    [Fact]
    public void Build_metadata_does_not_count() => Assert.Equal(0, VersionOrder.Instance.Compare("1.0.0+a", "1.0.0_b"));
}
