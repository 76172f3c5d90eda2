using System.Reflection;
using System.Runtime.Versioning;
using Xunit.v3;

namespace Platz.Tests.Web.Security;

[UnsupportedOSPlatform("windows")]
public sealed class SecurityCasesTests
{
    [Fact]
    public void Each_case_is_proven_by_tests_that_there_are()
    {
        foreach (var row in SecurityCases.All)
        {
            Assert.True(row.Tests.Length > 0, $"{row.Name} has no test");
            Assert.All(row.Tests, test => Assert.True(
                TestsOf(test.Class).Any(m => test.Method is null || m.Name == test.Method),
                $"{row.Name}: there is no test {test.Class.Name}.{test.Method}"));
        }
    }

    [Fact]
    public void Each_case_has_a_name_of_its_own()
    {
        var names = SecurityCases.All.Select(row => row.Name).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    /// <summary>Those that are run: not skipped by anybody.</summary>
    private static IEnumerable<MethodInfo> TestsOf(Type tests) => tests.GetMethods()
        .Where(m => m.GetCustomAttributes().OfType<IFactAttribute>().Any(fact => fact.Skip is null));
}
