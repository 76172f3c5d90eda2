using Bunit;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Tasks.Logs;

public sealed class LogTextTests(PostgresServer postgres) : LogViewTest(postgres)
{
    [Fact]
    public async Task Times_are_shown_in_the_zone_that_is_chosen()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 1);
        var view = await OpenAsync();
        Assert.Empty(view.FindAll(".log-rows time"));

        await view.InvokeAsync(() => view.Find(".log-field select").Change("utc"));

        Assert.Equal("23:59:50", view.Find(".log-rows time").TextContent);
        Assert.Equal("2026-03-01T23:59:50.000Z", view.Find(".log-rows time").GetAttribute("datetime"));
    }

    [Fact]
    public async Task A_line_of_a_megabyte_is_cut_and_found_whole_in_the_download()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, new string('x', 1_000_000) + " end");
        var view = await OpenAsync();

        Assert.InRange(Line(view, 1).TextContent.Length, 2_000, 2_100);
        Assert.Equal($"/tasks/{Log.Task.Id}/log.txt?line=1", view.Find(".log-more").GetAttribute("href"));

        await view.InvokeAsync(() => view.Find("input[type=search]").Input("END"));
        view.WaitForAssertion(() => Assert.Equal("end", view.Find("mark.current").TextContent), Patience);
    }

    [Fact]
    public async Task What_would_hide_or_turn_text_is_shown_as_a_symbol()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, "abc\u202edef <b>bold</b>");
        var view = await OpenAsync();

        Assert.Equal("abc⟦U+202E⟧def <b>bold</b>", Line(view, 1).TextContent);
    }
}
