using Bunit;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Platz.Tests.Support;
using Platz.Web.Settings.Site;

namespace Platz.Tests.Web.Settings;

public sealed class TagFormatListTests(PostgresServer postgres) : PageTest(postgres)
{
    private const string Pattern = "^build-(?<revision>[0-9]+)$";

    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _dialogs = Page.Render<MudDialogProvider>();
    }

    [Fact]
    public async Task A_format_is_written_with_what_it_reads_in_sight_and_deleted_when_one_means_it()
    {
        await AddAsync("build-12", "nightly");
        var page = Open();

        await ClickAsync(page, ".btn-primary");
        _dialogs.WaitForElement("#tag-pattern", Patience);
        Assert.All(page.FindAll("button"), button => Assert.True(button.HasAttribute("disabled")));
        await TypeAsync(Pattern);
        See("[data-preview]", "fits 1 of 3 tags, and would read 1");
        Assert.Contains("build-12", _dialogs.Find(".tag-fits li").TextContent, StringComparison.Ordinal);
        Assert.Contains("revision 12", _dialogs.Find(".tag-fits li").TextContent, StringComparison.Ordinal);
        Assert.Contains("nightly", _dialogs.Find("[data-unread]").TextContent, StringComparison.Ordinal);
        await PressAsync(_dialogs, "Add");
        page.WaitForAssertion(() => Assert.Equal(Pattern, First(page)), Patience);

        await ClickAsync(page, "tbody button");
        See(".mud-dialog-content", Pattern);
        await PressAsync(_dialogs, "Keep as it is");
        await ClickAsync(page, "tbody button");
        See(".mud-dialog-content", Pattern);
        Assert.Equal(Pattern, First(page));
        await PressAsync(_dialogs, "Delete");
        page.WaitForAssertion(() => Assert.NotEqual(Pattern, First(page)), Patience);
    }

    [Fact]
    public async Task What_is_wrong_with_a_pattern_stands_at_its_field()
    {
        var page = Open();
        await ClickAsync(page, ".btn-primary");
        _dialogs.WaitForElement("#tag-pattern", Patience);

        await PressAsync(_dialogs, "Add");
        See("#tag-pattern-error", "A pattern is needed");
        await TypeAsync("(");
        See("#tag-pattern-error", "no regular expression");
        Assert.Equal("true", _dialogs.Find("#tag-pattern").GetAttribute("aria-invalid"));
        Assert.Empty(_dialogs.FindAll(".tag-fits"));
        await TypeAsync("(?<branch>none)");
        See("[data-preview]", "fits none of 1 tag");
        Assert.Equal("false", _dialogs.Find("#tag-pattern").GetAttribute("aria-invalid"));
        await TypeAsync(First(page)!);
        await PressAsync(_dialogs, "Add");
        See("#tag-pattern-error", "a format with this pattern already");
    }

    [Fact]
    public async Task Whoever_is_no_site_admin_any_more_is_told_so_and_adds_nothing()
    {
        var page = Open();
        await ClickAsync(page, ".btn-primary");
        _dialogs.WaitForElement("#tag-pattern", Patience);
        await TypeAsync(Pattern);
        await MakeAliceAsync();

        await PressAsync(_dialogs, "Add");

        See("[role=alert].notice", "needs a site admin");
        await using var db = await DbAsync();
        Assert.False(await db.TagFormats.AnyAsync(f => f.Pattern == Pattern, Cancel));
    }

    [Fact]
    public async Task An_empty_list_says_so_and_follows_what_others_do()
    {
        await ExecuteAsync("DELETE FROM helm_tag_formats");
        var page = Page.Render<TagFormatList>();
        Assert.Contains("no tag format", page.WaitForElement(".empty", Patience).TextContent, StringComparison.Ordinal);

        await ExecuteAsync("INSERT INTO helm_tag_formats (id, pattern) VALUES (gen_random_uuid(), '(')");

        page.WaitForAssertion(() => Assert.Contains(
            "no regular expression", page.Find("tbody .error-text").TextContent, StringComparison.Ordinal), Patience);
        await ExecuteAsync("DELETE FROM helm_tag_formats");
        page.WaitForElement(".empty", Patience);
    }

    private IRenderedComponent<TagFormatList> Open()
    {
        var page = Page.Render<TagFormatList>();
        page.WaitForElement("tbody tr", Patience);
        return page;
    }

    private static string? First(IRenderedComponent<TagFormatList> page) => page.Find("tbody code").TextContent;

    private Task TypeAsync(string pattern) => _dialogs.InvokeAsync(() => _dialogs.Find("#tag-pattern").Change(pattern));

    private void See(string selector, string words) => _dialogs.WaitForAssertion(
        () => Assert.Contains(words, _dialogs.Find(selector).TextContent, StringComparison.Ordinal), Patience);

    private async Task AddAsync(params string[] tags)
    {
        await using var db = await DbAsync();
        db.AddRange(tags.Select(NewChart));
        await db.SaveChangesAsync(Cancel);
    }
}
