using Bunit;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.People;

namespace Platz.Tests.Web.People;

public sealed class KindRoleTableTests(PostgresServer postgres) : PageTest(postgres)
{
    [Fact]
    public async Task A_role_for_a_kind_is_given_and_taken()
    {
        var dialogs = Page.Render<MudDialogProvider>();
        await using (var db = await DbAsync())
        {
            db.Add(new Bot { DisplayName = "ci" });
            await db.SaveChangesAsync(Cancel);
        }

        var page = Open();
        await ClickAsync(page, "[aria-label='Give a role for Web']");
        dialogs.WaitForElement("#holder-text", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#holder-text").Change("ci"));
        dialogs.WaitForAssertion(() => Assert.Single(dialogs.FindAll(".found .badge")), Patience);
        await dialogs.InvokeAsync(() => dialogs.FindAll(".found input")[^1].Change("on"));
        await dialogs.InvokeAsync(() => dialogs.Find("input[value=Owner]").Change("Owner"));
        await PressAsync(dialogs, "Give the role");

        page.WaitForElement("[data-kind=Web] [data-role=Owner] li", Patience);
        await ClickAsync(page, "[aria-label='Take Owner of Web from ci']");
        dialogs.WaitForAssertion(() => Assert.Contains("no Owner of Web", dialogs.Markup, StringComparison.Ordinal), Patience);
        await PressAsync(dialogs, "Take it away");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-kind=Web] li")), Patience);
        await using var after = await DbAsync();
        Assert.False(await after.DeploymentPermissions.AnyAsync(Cancel));
    }

    [Fact]
    public async Task Members_see_who_may_what_and_change_nothing()
    {
        await using (var db = await DbAsync())
        {
            db.Add(new DeploymentPermission { EnvId = Env.Id, KindId = Kind.Id, UserId = Alice.Id, Role = KindRole.Maintainer });
            await db.SaveChangesAsync(Cancel);
        }

        var page = Open(mayEdit: false);

        Assert.Contains("Alice", page.WaitForElement("td[data-role=Maintainer]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button"));
    }

    private IRenderedComponent<KindRoleTable> Open(bool mayEdit = true) =>
        Page.Render<KindRoleTable>(p => p.Add(t => t.Env, Env).Add(t => t.MayEdit, mayEdit));
}
