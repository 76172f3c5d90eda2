using AngleSharp.Dom;
using Bunit;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Tests.Support;
using Platz.Web.Managed;

namespace Platz.Tests.Web.Managed;

public sealed class ManagedResourcePageTests(PostgresServer postgres) : ManagedTest(postgres)
{
    [Fact]
    public async Task One_shows_its_properties_who_keeps_it_and_who_uses_it_and_no_secret()
    {
        var id = await AddAsync();
        var user = await UseAsync(id);
        var page = OpenOne(id);

        page.WaitForAssertion(() => Assert.Equal("orders", page.Find("h1").TextContent), Patience);
        Assert.Equal(["Owner", "Password"], page.FindAll(".given dt").Select(dt => dt.TextContent));
        Assert.Equal("alice", page.Find(".given dd").TextContent.Trim());
        Assert.DoesNotContain("hush-hush", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("$sealed", page.Markup, StringComparison.Ordinal);
        Assert.Equal($"/deployments/{Provider.Id}", Section(page, "Managed by").QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(user.Namespace, Section(page, "Using deployments").QuerySelector("a")!.TextContent);
    }

    [Fact]
    public async Task An_edit_keeps_the_secret_that_is_not_shown_and_tells_who_is_reinstalled()
    {
        var id = await AddAsync();
        await EndAsync(id);
        await UseAsync(id);
        var before = await ReadAsync(id);
        var page = OpenOne(id);
        await ClickButtonAsync(page, "Edit");
        Dialogs.WaitForElement("#managed-name", Patience);
        Assert.Contains("1 deployment uses it and will be reinstalled", Dialogs.Markup, StringComparison.Ordinal);
        await Dialogs.InvokeAsync(() => Dialogs.Find("[id$='-owner']").Change("bob"));
        await PressInDialogAsync("Save");

        page.WaitForAssertion(() => Assert.Equal("Updating", page.Find("[data-sync]").TextContent.Trim()), Patience);
        Assert.Equal("bob", page.Find(".given dd").TextContent.Trim());
        Assert.Equal(before.Props["password"]!.ToJsonString(), (await ReadAsync(id)).Props["password"]!.ToJsonString());
    }

    [Fact]
    public async Task A_save_over_the_change_of_somebody_else_says_so_and_changes_nothing()
    {
        var id = await AddAsync();
        var page = OpenOne(id);
        await ClickButtonAsync(page, "Edit");
        Dialogs.WaitForElement("#managed-name", Patience);
        Assert.IsType<ResourceResult.Saved>(await Editor.UpdateAsync(
            id, "orders-2", new() { ["owner"] = "eve" }, seen: null, Alice, Cancel));
        await Dialogs.InvokeAsync(() => Dialogs.Find("[id$='-owner']").Change("bob"));
        await PressInDialogAsync("Save");

        Dialogs.WaitForAssertion(() => Assert.Contains("changed meanwhile",
            Dialogs.Find(".notice-bad").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("eve", (string?)(await ReadAsync(id)).Props["owner"]);
        page.WaitForAssertion(() => Assert.Equal("orders-2", page.Find("h1").TextContent), Patience);
    }

    [Theory]
    [InlineData(ResourceSyncStatus.Creating, "It could not be created", ResourceSyncStatus.Creating)]
    [InlineData(ResourceSyncStatus.Updating, "It could not be changed", ResourceSyncStatus.Updating)]
    [InlineData(ResourceSyncStatus.Deleting, "It could not be deleted", ResourceSyncStatus.Deleting)]
    public async Task What_failed_says_why_and_is_tried_again_as_what_it_was(
        ResourceSyncStatus failed, string words, ResourceSyncStatus next)
    {
        var id = await AddAsync();
        await EndAsync(id, failed, "the disk is full");
        var page = OpenOne(id);
        page.WaitForAssertion(() => Assert.Equal($"{words}: the disk is full", page.Find(".notice-bad").TextContent), Patience);

        await ClickButtonAsync(page, "Try again");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".notice-bad")), Patience);
        var row = await ReadAsync(id);
        Assert.Equal((next, 2), (row.SyncStatus, row.Version));
        Assert.NotNull(row.SyncAt);
    }

    [Fact]
    public async Task One_in_use_is_not_deleted_and_its_users_are_named()
    {
        var id = await AddAsync();
        var user = await UseAsync(id);
        var page = OpenOne(id);
        await ClickButtonAsync(page, "Delete");
        await PressInDialogAsync("Delete");

        Snackbar.WaitForAssertion(() => Assert.Contains(user.Namespace, Snackbar.Markup, StringComparison.Ordinal), Patience);
        Assert.True((await ReadAsync(id)).Exists);
    }

    [Fact]
    public async Task A_deleted_one_offers_nothing_more()
    {
        var id = await AddAsync();
        var page = OpenOne(id);
        await ClickButtonAsync(page, "Delete");
        await PressInDialogAsync("Delete");

        page.WaitForAssertion(() => Assert.Equal("Deleting", page.Find("[data-sync]").TextContent.Trim()), Patience);
        Assert.Empty(page.FindAll(".head button"));
    }

    [Fact]
    public async Task The_commands_are_those_that_the_chart_lets_the_role_do()
    {
        var id = await AddAsync();
        await MakeAliceAsync(KindRole.Maintainer);
        var maintainer = OpenOne(id);
        maintainer.WaitForAssertion(() => Assert.Equal(["Edit"], Commands(maintainer)), Patience); // to delete takes an Owner

        await using var db = await DbAsync();
        db.RemoveRange(db.Set<DeploymentPermission>());
        await db.SaveChangesAsync(Cancel);
        var member = OpenOne(id);
        member.WaitForElement("h1", Patience);
        Assert.Empty(Commands(member));
    }

    [Fact]
    public async Task Without_its_chart_it_says_why_nothing_can_be_done()
    {
        var id = await AddAsync();
        await using var db = await DbAsync();
        db.Update(Provider).Entity.Enabled = false;
        await db.SaveChangesAsync(Cancel);

        var page = OpenOne(id);

        page.WaitForAssertion(() => Assert.Contains("install it first",
            Section(page, "Properties").TextContent, StringComparison.Ordinal), Patience);
        Assert.Empty(Commands(page));
    }

    [Fact]
    public void One_that_never_was_is_not_found()
    {
        var page = OpenOne(Guid.NewGuid());

        page.WaitForAssertion(() => Assert.Contains("There is no such Database",
            page.Find(".empty").TextContent, StringComparison.Ordinal), Patience);
    }

    private static IElement Section(IRenderedComponent<ManagedResourcePage> page, string label) =>
        page.Find($"section[aria-label='{label}']");

    private static IEnumerable<string> Commands(IRenderedComponent<ManagedResourcePage> page) =>
        page.FindAll(".head button").Select(b => b.TextContent.Trim());

    private static async Task ClickButtonAsync(IRenderedComponent<ManagedResourcePage> page, string text)
    {
        page.WaitForAssertion(() => Assert.Contains(text, Commands(page)), Patience);
        await PressAsync(page, text);
    }
}
