using System.Reflection;
using Deque.AxeCore.Commons;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Playwright;
using Platz.Tests.Support;
using Platz.Web;

namespace Platz.Tests.Gallery;

/// <summary>Every page and state of the gallery, in both themes, wide and narrow: axe finds nothing serious in it.</summary>
public sealed class AccessibilityTests(PostgresServer postgres, Browser browser) : GalleryTest(postgres)
{
    /// <summary>What MudBlazor's own markup does, and where that is known: rule, and part of the element's HTML.</summary>
    private static readonly (string Rule, string Html, string Known)[] s_known = [];

    /// <summary>Addresses that lead elsewhere, and what stands for any that leads nowhere.</summary>
    private static readonly string[] s_leadElsewhere =
        ["/", "/envs/{Env}/deployments", "/deployments/{Id:guid}", "/deployments/{Id:guid}/compare", "/not-found"];

    [Fact]
    public async Task No_page_keeps_anybody_out()
    {
        var problems = new List<string>();
        var page = await browser.SignInAsync(Server, Alice.Id, problems, Cancel);
        await page.GotoAsync($"{Server.Url}envs");
        await page.AddInitScriptAsync(new BundledAxeScriptProvider().GetScript());
        var found = new List<(string Problem, string Where)>();
        foreach (var view in Views)
        {
            await GalleryScreen.All[0].ApplyAsync(page);
            await view.OpenAsync(page, Server.Url);
            var width = 0;
            foreach (var screen in GalleryScreen.All)
            {
                await screen.ApplyAsync(page);
                found.AddRange((await FindAsync(page, view.Within, isOtherTheme: screen.Width == width))
                    .Select(problem => (problem, $"{view.Name}-{screen}")));
                width = screen.Width;
            }
        }

        Assert.True(found.Count == 0, string.Join("\n\n", found.GroupBy(f => f.Problem)
            .Select(same => $"{same.Key}\n  in {string.Join(", ", same.Select(f => f.Where).Distinct())}")));
        Assert.True(problems.TrueForAll(IsAskedFor), string.Join('\n', problems));
    }

    [Fact]
    public void Every_page_is_among_the_views()
    {
        var shown = Views.Select(view => new PathString(view.Path.Split('?')[0])).ToList();

        var missing = typeof(App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>())
            .Select(route => route.Template).Except(s_leadElsewhere)
            .Where(template => !shown.Exists(path =>
                new TemplateMatcher(TemplateParser.Parse(template), []).TryMatch(path, [])));

        Assert.Empty(missing);
    }

    /// <param name="isOtherTheme">The same page at the same width: only its colours can be others.</param>
    private static async Task<IEnumerable<string>> FindAsync(IPage page, string? within, bool isOtherTheme)
    {
        var violations = await page.EvaluateAsync<string[]>("""
            async ([within, colours]) => (await axe.run(within ?? document, {
                    resultTypes: ['violations'], elementRef: false, preload: false,
                    ...(colours && { runOnly: ['color-contrast', 'link-in-text-block'] }),
                })).violations
                .filter(v => ['serious', 'critical'].includes(v.impact))
                .flatMap(v => v.nodes.map(node => `${v.id} (${v.help}): ${node.html.replace(/ _bl_[^ >]*/g, '')}`))
            """, new object?[] { within, isOtherTheme });
        var tooWide = await page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        var serious = violations.Where(violation => !IsKnown(violation));
        return tooWide > 0 ? serious.Append($"{tooWide} pixels wider than the screen") : serious;
    }

    private static bool IsKnown(string violation) => s_known.Any(known =>
        violation.StartsWith(known.Rule, StringComparison.Ordinal) && violation.Contains(known.Html, StringComparison.Ordinal));
}
