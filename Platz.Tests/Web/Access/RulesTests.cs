using Microsoft.AspNetCore.SignalR;
using Platz.Web;

namespace Platz.Tests.Web.Access;

public sealed class RulesTests
{
    /// <summary>Who hears what, <see cref="EventTable"/> says.</summary>
    private static readonly string[] s_hubMethods = ["EventsHub.Subscribe", "EventsHub.Unsubscribe"];

    [Fact]
    public void Everybody_stands_in_each_rule() => Assert.Equal(
        Enum.GetValues<Who>().Length * Enum.GetValues<Rule>().Length, Rules.Count);

    [Fact]
    public void Every_method_of_a_hub_stands_in_the_table() => Assert.Equal(
        s_hubMethods,
        from hub in typeof(App).Assembly.GetTypes()
        where hub.IsAssignableTo(typeof(Hub))
        from method in hub.GetMethods()
        where method.DeclaringType == hub && method.GetBaseDefinition() == method
        select $"{hub.Name}.{method.Name}");
}
