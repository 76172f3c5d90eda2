using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Web.Live;
using Platz.Web.Shared;

namespace Platz.Tests.Web.Shared;

public sealed class TimesTests : BunitContext
{
    private static readonly DateTimeOffset s_winter = new(2026, 1, 15, 12, 30, 15, TimeSpan.Zero);
    private static readonly DateTimeOffset s_summer = new(2026, 7, 15, 22, 30, 15, TimeSpan.Zero);

    public TimesTests()
    {
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(s_summer.AddMinutes(3)))
            .AddScoped<Ticker>().AddScoped<TimeChoice>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    private TimeChoice Choice => Services.GetRequiredService<TimeChoice>();

    [Fact]
    public void A_time_is_relative_and_tells_the_other_form_to_the_pointer()
    {
        var time = Relative(s_summer);

        Assert.Equal("3 minutes ago", time.Find("time").TextContent);
        Assert.Equal("2026-07-15 22:30:15 UTC", time.Find("time").GetAttribute("title"));
        Assert.Equal("2026-07-15T22:30:15.000Z", time.Find("time").GetAttribute("datetime"));
    }

    [Fact]
    public void A_time_on_the_page_follows_the_choice_at_once()
    {
        var time = Relative(s_summer);
        var exact = Render<AbsoluteTime>(p => p.Add(t => t.Time, s_winter));

        Choice.Change("local absolute Europe/Berlin 120");

        time.WaitForAssertion(() => Assert.Equal("2026-07-16 00:30:15 +02:00", time.Find("time").TextContent));
        Assert.Equal("3 minutes ago", time.Find("time").GetAttribute("title"));
        exact.WaitForAssertion(() => Assert.Equal("2026-01-15 13:30:15 +01:00", exact.Find("time").TextContent));

        Choice.Change("utc absolute Europe/Berlin 120");

        time.WaitForAssertion(() => Assert.Equal("2026-07-15 22:30:15 UTC", time.Find("time").TextContent));
    }

    [Theory]
    [InlineData("Nowhere/At_all", 330, "2026-01-15 18:00:15 +05:30")]
    [InlineData("../../etc/passwd", -60, "2026-01-15 11:30:15 -01:00")]
    [InlineData("", 9999999, "2026-01-16 02:30:15 +14:00")]
    public void A_zone_that_is_not_known_here_is_as_far_from_utc_as_the_browser_says(
        string zone, int offset, string shown)
    {
        Choice.Change($"local relative {zone} {offset}");

        Assert.Equal(shown, Choice.Absolute(s_winter));
    }

    [Fact]
    public void A_time_that_has_gone_hears_nothing_any_more()
    {
        var page = Render<Holder>(p => p.Add(h => h.Shows, true));
        var time = page.FindComponent<RelativeTime>();
        page.Render(p => p.Add(h => h.Shows, false));
        var renders = time.RenderCount;

        Choice.Change("utc absolute UTC 0");

        Assert.Equal(renders, time.RenderCount);
    }

    private IRenderedComponent<RelativeTime> Relative(DateTimeOffset at) =>
        Render<RelativeTime>(p => p.Add(t => t.Time, at));

    private sealed class Holder : ComponentBase
    {
        [Parameter]
        public bool Shows { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            if (Shows)
            {
                builder.OpenComponent<RelativeTime>(0);
                builder.AddAttribute(1, nameof(RelativeTime.Time), s_winter);
                builder.CloseComponent();
            }
        }
    }
}
