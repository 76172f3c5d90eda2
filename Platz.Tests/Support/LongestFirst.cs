using Platz.Tests.Deploy;
using Platz.Tests.Gallery;
using Platz.Tests.Journeys.Planted;
using Platz.Tests.Runner.Operations;
using Platz.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Platz.Tests.Support;

/// <summary>What takes minutes begins first: begun last, it would be waited for alone. The others are mixed.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] s_longest =
        [typeof(AccessibilityTests), typeof(DockerfileTests), typeof(KillTests), typeof(PlantedSecretsTests)];

    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection)).ThenBy(collection => collection.UniqueID, StringComparer.Ordinal)];

    private static int Place(ITestCollection collection)
    {
        var place = Array.FindIndex(s_longest, type =>
            collection.TestCollectionDisplayName.Contains($"{type.FullName} ", StringComparison.Ordinal));
        return place < 0 ? s_longest.Length : place;
    }
}
