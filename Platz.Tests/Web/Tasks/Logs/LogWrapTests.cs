using Bunit;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Tasks.Logs;

/// <summary>Where lines wrap, their heights are known to the browser alone.</summary>
public sealed class LogWrapTests(PostgresServer postgres) : LogViewTest(postgres)
{
    [Fact]
    public async Task Wrapped_lines_are_rendered_a_part_at_a_time()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 3_000);
        var view = await OpenAsync();

        await view.InvokeAsync(() => view.Find(".log-field input[type=checkbox]").Change(true));
        Assert.Equal((2_601, 3_000), (Numbers(view)[0], Numbers(view)[^1]));
        await PressAsync(view, "Earlier lines");

        view.WaitForAssertion(() => Assert.Equal(2_401, Numbers(view)[0]), Patience);
        await PressAsync(view, "Later lines");
        view.WaitForAssertion(() => Assert.Equal(3_000, Numbers(view)[^1]), Patience);
    }

    [Fact]
    public async Task Where_lines_wrap_the_browser_says_which_of_them_is_on_the_screen()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, Enumerable.Range(1, 3_000).Select(i => i % 50 == 0 ? "needle" : "hay"));
        var script = Page.JSInterop.SetupModule("/log.js").SetupModule("attach", _ => true);
        script.Mode = JSRuntimeMode.Loose;
        var seen = script.Setup<string?>("seen");
        var view = await OpenAsync();
        await view.InvokeAsync(() => view.Find(".log-field input[type=checkbox]").Change(true));
        await PressAsync(view, "Earlier lines");
        view.WaitForAssertion(() => Assert.Equal(2_401, Numbers(view)[0]), Patience);
        seen.SetResult("2775");

        await view.InvokeAsync(() => view.Find("input[type=search]").Input("needle"));
        await view.InvokeAsync(() => view.Find(".log-search").Submit());
        view.WaitForAssertion(() => Assert.Equal("56 of 60", view.Find(".log-count").TextContent), Patience);

        seen.SetResult("2620");
        await view.InvokeAsync(() => view.Find(".log-field input[type=checkbox]").Change(false));
        view.WaitForAssertion(() => Assert.Equal("2620", script.Invocations["scrollTo"][^1].Arguments[1]), Patience);
        Assert.Contains(2_620, Numbers(view));
        Assert.InRange(Numbers(view).Count, 20, 200);
    }
}
