using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Audit;

namespace Platz.Tests.Web.Audit;

public sealed class AuditPageTests(PostgresServer postgres) : PageTest(postgres)
{
    private NavigationManager Navigation => Page.Services.GetRequiredService<NavigationManager>();

    [Fact]
    public async Task A_row_says_who_did_what_and_leads_to_what_exists()
    {
        await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        await AddAsync(AuditAction.EnvDeleted, new("env", Guid.NewGuid(), "gone"));

        var page = OpenSite();

        Assert.Equal("renamed the env old to demo", Sentence(page, 1));
        Assert.Equal("/envs/demo", page.Find("[data-event='1'] [data-subject]").GetAttribute("href"));
        Assert.Equal("deleted the env gone", Sentence(page, 2));
        Assert.Empty(page.FindAll("[data-event='2'] [data-subject]"));
        Assert.Equal("Alice", page.Find("[data-event='1'] th").TextContent.Trim());
    }

    [Fact]
    public async Task The_filter_stands_in_the_address()
    {
        await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        await AddAsync(AuditAction.SignOut, new("user", Alice.Id, "Alice"));
        var page = OpenSite();

        await page.InvokeAsync(() => page.Find("[data-filter=action]").Change("Env."));
        page.WaitForAssertion(() => Assert.Single(page.FindAll("[data-event]")), Patience);
        Assert.EndsWith("/audit?action=Env.", Navigation.Uri, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find("[data-filter=outcome]").Change("Denied"));
        page.WaitForAssertion(() => Assert.Contains(
            "Nothing has been recorded for this choice", page.Markup, StringComparison.Ordinal), Patience);

        await page.InvokeAsync(() => Navigation.NavigateTo($"/audit?actor={Alice.Id}"));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[data-event]").Count), Patience);
        Assert.Contains("By Alice", page.Find("[data-clear-actor]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_is_chosen_as_a_range_or_from_and_to()
    {
        await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        var page = OpenSite();

        await page.InvokeAsync(() => page.Find("[data-filter=range]").Change("24h"));
        await page.InvokeAsync(() => page.Find("[data-moment=to]").Change("2020-01-31T12:00"));
        page.WaitForAssertion(() => Assert.Contains(
            "Nothing has been recorded for this choice", page.Markup, StringComparison.Ordinal), Patience);
        Assert.EndsWith("/audit?to=2020-01-31T12%3A00%3A00Z", Navigation.Uri, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find("[data-moment=to]").Change(""));
        page.WaitForAssertion(() => Assert.Single(page.FindAll("[data-event]")), Patience);
        await page.InvokeAsync(() => page.Find("[data-moment=from]").Change("2020-01-31T12:00"));
        page.WaitForAssertion(() => Assert.Equal(
            "/audit/export.ndjson?from=2020-01-31T12%3A00%3A00Z&with=tasks",
            page.Find("[data-with-tasks]").GetAttribute("href")), Patience);
        await page.InvokeAsync(() => page.Find("[data-filter=range]").Change("24h"));
        Assert.EndsWith("/audit?range=24h", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_meanwhile_is_offered_and_older_events_are_a_page_further()
    {
        for (var n = 0; n < 51; n++)
        {
            await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        }

        var page = OpenSite();
        Assert.Equal(50, page.FindAll("[data-event]").Count);
        await AddAsync(AuditAction.SignOut, new("user", Alice.Id, "Alice"));
        await ClickAsync(page, "[data-newer]");
        page.WaitForElement("[data-event='52']", Patience);

        Assert.Equal("/audit?before=3", page.Find("[data-older]").GetAttribute("href"));
        await page.InvokeAsync(() => Navigation.NavigateTo("/audit?before=3"));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[data-event]").Count), Patience);
    }

    [Fact]
    public async Task An_admin_of_an_env_reads_what_happened_in_it_alone()
    {
        await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        await AddAsync(AuditAction.SignOut, new("user", Alice.Id, "Alice"), envId: null);
        await MakeAliceAsync(EnvRole.Admin);

        var page = Page.Render<EnvAuditPage>(p => p.Add(e => e.Env, "demo"));

        page.WaitForElement("[data-event='1']", Patience);
        Assert.Single(page.FindAll("[data-event]"));
    }

    [Fact]
    public async Task Who_loses_the_right_reads_nothing_more_in_a_page_that_is_open()
    {
        await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        var page = OpenSite();

        await MakeAliceAsync(EnvRole.User);
        await AddAsync(AuditAction.SignOut, new("user", Alice.Id, "Alice"));

        page.WaitForAssertion(() => Assert.Contains("You may not do this", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindAll("[data-event]"));
        await page.InvokeAsync(() => Navigation.NavigateTo("/audit?action=Env."));
        Assert.Empty(page.FindAll("[data-event]"));
    }

    [Fact]
    public async Task Opened_further_back_it_offers_what_comes_from_then_on()
    {
        for (var n = 0; n < 4; n++)
        {
            await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        }

        Navigation.NavigateTo("/audit?before=3");
        var page = Page.Render<AuditPage>();
        page.WaitForElement("[data-event='2']", Patience);
        await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));

        Assert.Contains("Show 1 newer", page.WaitForElement("[data-newer]", Patience).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_trail_is_a_site_admins()
    {
        await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        await MakeAliceAsync(EnvRole.Admin);

        var page = Page.Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Contains(
            "The audit trail of the site needs a site admin", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindAll("[data-event]"));
    }

    [Fact]
    public async Task It_says_up_to_where_the_trail_was_verified_last()
    {
        await AddAsync(AuditAction.EnvRenamed, new("env", Env.Id, "demo"));
        var factory = Services.GetRequiredService<IDbContextFactory<PlatzDb>>();
        await using var output = new StringWriter();
        await new VerifyAudit(new AuditChain(factory), factory, output, output).RunAsync(file: null, Cancel);

        Assert.Contains("Verified up to event 1,", OpenSite().Find("[data-verified]").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<AuditPage> OpenSite()
    {
        Navigation.NavigateTo("/audit");
        var page = Page.Render<AuditPage>();
        page.WaitForElement("[data-event]", Patience);
        return page;
    }

    private static string Sentence(IRenderedComponent<AuditPage> page, long seq) => string.Join(
        ' ', page.Find($"[data-event='{seq}'] .audit-sentence").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private Task AddAsync(string action, AuditSubject subject) => AddAsync(action, subject, Env.Id);

    private Task AddAsync(string action, AuditSubject subject, Guid? envId) => AuditLog.AddAsync(
        Services.GetRequiredService<IDbContextFactory<PlatzDb>>(),
        new AuditEntry(action, AuditActor.Of(Alice), subject) { EnvId = envId, Detail = new() { ["before"] = "old" } },
        Cancel);
}
