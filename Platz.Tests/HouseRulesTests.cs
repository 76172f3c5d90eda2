using System.Reflection;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests;

/// <summary>What keeps the house in order without a reviewer.</summary>
public sealed class HouseRulesTests
{
    private const int MostLines = 250;

    private static readonly string[] s_sources = ["*.cs", "*.razor"];

    [Theory]
    [InlineData(typeof(PlatzCore), "Platz.Runner", "Platz.Web", "Platz.Sandbox", "KubernetesClient", "MudBlazor")]
    [InlineData(typeof(PlatzRunner), "Platz.Web", "Platz.Sandbox", "MudBlazor")]
    [InlineData(typeof(PlatzWeb), "Platz.Runner", "Platz.Sandbox", "KubernetesClient", "Quartz")]
    [InlineData(typeof(PlatzSandbox), "Platz.Core", "Platz.Runner", "Platz.Web", "KubernetesClient")]
    public void The_arrows_point_at_core_alone(Type project, params string[] forbidden)
    {
        var assembly = (Assembly)project.GetField("Assembly")!.GetValue(null)!;
        Assert.Empty(assembly.GetReferencedAssemblies().Select(a => a.Name).Intersect(forbidden));
    }

    [Fact]
    public void No_source_file_is_longer_than_a_reader_can_hold()
    {
        var tooLong = s_sources
            .SelectMany(pattern => Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadLines(file).Count()))
            .Where(file => file.Item2 > MostLines);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Every_operation_has_a_stored_form_and_reads_it_back()
    {
        var operations = typeof(Operation).Assembly.GetTypes()
            .Where(t => t.BaseType == typeof(Operation) && t != typeof(UnreadableOperation)).Select(t => t.Name);
        Assert.Equal(operations.Order(), OperationJson.Kinds.Order());
    }

    [Fact]
    public void What_the_runner_claims_it_knows_how_to_do() =>
        Assert.All(Platz.Runner.Operations.OperationHandlers.Kinds, kind => Assert.Contains(
            typeof(Platz.Runner.RunnerOptions).Assembly.GetTypes().SelectMany(t => t.GetInterfaces()),
            i => i.IsGenericType
                && i.GetGenericTypeDefinition() == typeof(Platz.Runner.Operations.IOperationHandler<>)
                && i.GetGenericArguments()[0].Name == kind));

    private static class PlatzCore
    {
        public static readonly Assembly Assembly = typeof(Operation).Assembly;
    }

    private static class PlatzRunner
    {
        public static readonly Assembly Assembly = typeof(Platz.Runner.RunnerOptions).Assembly;
    }

    private static class PlatzWeb
    {
        public static readonly Assembly Assembly = typeof(Platz.Web.App).Assembly;
    }

    private static class PlatzSandbox
    {
        public static readonly Assembly Assembly = typeof(Platz.Sandbox.SandboxOptions).Assembly;
    }
}
