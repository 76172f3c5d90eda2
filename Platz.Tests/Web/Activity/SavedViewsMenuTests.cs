using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Activity;
using Platz.Tests.Support;
using Platz.Web.Activity;

namespace Platz.Tests.Web.Activity;

public sealed class SavedViewsMenuTests(PostgresServer postgres) : PageTest(postgres)
{
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    private SavedViews Views => Page.Services.GetRequiredService<SavedViews>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Page.Render<MudPopoverProvider>();
        _dialogs = Page.Render<MudDialogProvider>();
    }

    [Fact]
    public async Task A_filter_is_kept_under_a_name_renamed_and_deleted()
    {
        var menu = Open("status=Failed");
        await ClickAsync(menu, ".view-save button");
        await NameAsync("Broken");
        menu.WaitForAssertion(() =>
        {
            Assert.Equal(["Broken"], Names(menu));
            Assert.Equal("/x?status=Failed", menu.Find(".view a").GetAttribute("href"));
            Assert.Equal("Broken", menu.Find(".views-name").TextContent); // it is what is shown
            Assert.True(menu.Find(".view-save button").HasAttribute("disabled"));
        }, Patience);

        await ClickAsync(menu, "[aria-label='Rename Broken']");
        await NameAsync("Failures");
        menu.WaitForAssertion(() => Assert.Equal(["Failures"], Names(menu)), Patience);

        await ClickAsync(menu, "[aria-label='Delete Failures']");
        _dialogs.WaitForElement(".mud-dialog", Patience);
        await PressAsync(_dialogs, "Delete");
        menu.WaitForAssertion(() => Assert.Empty(Names(menu)), Patience);
        Assert.Equal("Views", menu.Find(".views-name").TextContent);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_said_where_it_is_typed()
    {
        await Views.SaveAsync(Alice.Id, Env.Id, "Broken", "range=7d", Cancel);
        var menu = Open("status=Failed");
        await ClickAsync(menu, ".view-save button");
        await NameAsync("Broken");

        _dialogs.WaitForAssertion(() => Assert.Contains(
            "You have a view of that name already.", _dialogs.Markup, StringComparison.Ordinal), Patience);
        await NameAsync("Failures");
        menu.WaitForAssertion(() => Assert.Equal(["Broken", "Failures"], Names(menu)), Patience);
    }

    [Fact]
    public async Task A_view_of_another_version_is_opened_as_far_as_it_is_understood()
    {
        await Views.SaveAsync(Alice.Id, Env.Id, "Old", "status=Failed&mood=bad&status=Odd", Cancel);

        var menu = Open("status=Failed");

        menu.WaitForAssertion(() => Assert.Equal("/x?status=Failed", menu.Find(".view a").GetAttribute("href")), Patience);
        Assert.Equal("true", menu.Find(".view a").GetAttribute("aria-current"));
    }

    /// <summary>The first read waits in the database, with what was there when it began.</summary>
    [Fact]
    public async Task An_answer_that_comes_late_hides_no_view_that_was_kept_since()
    {
        await using var db = await DbAsync();
        await db.Database.OpenConnectionAsync(Cancel);
        await db.Database.ExecuteSqlRawAsync("""
            CREATE SEQUENCE reads;
            CREATE FUNCTION may_read() RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('reads') = 1 THEN
                    PERFORM pg_advisory_lock_shared(77);
                END IF;
                RETURN true;
            END $$;
            ALTER TABLE saved_views RENAME TO kept_views;
            CREATE VIEW saved_views AS SELECT * FROM kept_views WHERE (SELECT may_read());
            SELECT pg_advisory_lock(77);
            """, Cancel);
        var menu = Open("status=Failed");
        const string waits = "FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        await UntilAsync($"count(*) = 1 {waits}");
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO kept_views (id, user_id, env_id, name, query, created_at)
            VALUES (gen_random_uuid(), {Alice.Id}, {Env.Id}, 'Broken', 'status=Failed', now())
            """, Cancel);
        await menu.InvokeAsync(() => menu.Find("details").TriggerEventAsync("ontoggle", EventArgs.Empty));
        menu.WaitForAssertion(() => Assert.Equal(["Broken"], Names(menu)), Patience);

        var renders = menu.RenderCount;
        await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_unlock(77)", Cancel);
        menu.WaitForState(() => menu.RenderCount > renders, Patience);
        Assert.Equal(["Broken"], Names(menu));
    }

    [Fact]
    public void Everything_needs_no_name() =>
        Assert.True(Open("").WaitForElement(".view-save button", Patience).HasAttribute("disabled"));

    private IRenderedComponent<SavedViewsMenu> Open(string query) => Page.Render<SavedViewsMenu>(p => p
        .Add(m => m.UserId, Alice.Id).Add(m => m.EnvId, Env.Id).Add(m => m.Query, ActivityQuery.Parse(query))
        .Add(m => m.Address, to => $"/x?{to.Write()}"));

    private async Task NameAsync(string name)
    {
        _dialogs.WaitForElement("input", Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("input").Input(name));
        await PressAsync(_dialogs, "Keep");
    }

    private static IEnumerable<string> Names(IRenderedComponent<SavedViewsMenu> menu) =>
        menu.FindAll(".view .pick-text").Select(view => view.TextContent);
}
