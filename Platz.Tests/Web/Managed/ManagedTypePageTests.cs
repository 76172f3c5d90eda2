using Bunit;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Core.Values;
using Platz.Tests.Support;
using Platz.Web.Envs;

namespace Platz.Tests.Web.Managed;

public sealed class ManagedTypePageTests(PostgresServer postgres) : ManagedTest(postgres)
{
    [Fact]
    public void The_env_leads_to_each_type_that_its_deployments_manage()
    {
        var env = Page.Render<EnvPage>(p => p.Add(e => e.Env, Env.Name));

        env.WaitForAssertion(() => Assert.Equal(["Deployments", "Activity", "Insight", "Databases", "Settings"],
            env.FindAll(".tabs a").Select(a => a.TextContent)), Patience);
        Assert.Equal($"/envs/{Env.Name}/resources/database", env.FindAll(".tabs a")[3].GetAttribute("href"));
        Assert.Equal("page", env.FindAll(".tabs a")[0].GetAttribute("aria-current"));
    }

    [Fact]
    public async Task A_new_one_is_typed_into_the_form_of_its_chart_and_its_page_opens()
    {
        var page = OpenType();
        page.WaitForElement(".empty", Patience);
        await ClickAsync(page, ".head button");
        Dialogs.WaitForElement("#managed-name", Patience);
        await PressInDialogAsync("Create");
        Assert.Equal(["This is needed.", "This is needed."],
            Dialogs.FindAll(".field-error").Select(e => e.TextContent).Where(t => t.Length > 0));

        await Dialogs.InvokeAsync(() => Dialogs.Find("#managed-name").Change("orders"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("[id$='-owner']").Change("alice"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("[id$='-password']").Change("hush-hush"));
        await PressInDialogAsync("Create");

        page.WaitForAssertion(() => Assert.Contains("/resources/database/", Address, StringComparison.Ordinal), Patience);
        await using var db = await DbAsync();
        var made = await db.Resources.SingleAsync(Cancel);
        Assert.Equal(("orders", "alice", ResourceSyncStatus.Creating, Provider.Id),
            (made.Name, (string?)made.Props["owner"], made.SyncStatus, made.DeploymentId));
        Assert.True(SealedJson.IsSealed(made.Props["password"]));
        Assert.EndsWith($"/resources/database/{made.Id}", Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_said_in_the_dialog_and_nothing_typed_is_lost()
    {
        await AddAsync();
        var page = OpenType();
        await ClickAsync(page, ".head button");
        Dialogs.WaitForElement("#managed-name", Patience);
        await Dialogs.InvokeAsync(() => Dialogs.Find("#managed-name").Change("orders"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("[id$='-owner']").Change("bob"));
        await PressInDialogAsync("Create");

        Dialogs.WaitForAssertion(() => Assert.Contains("already a Database orders",
            Dialogs.Find(".notice-bad").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("bob", Dialogs.Find("[id$='-owner']").GetAttribute("value"));
    }

    [Fact]
    public async Task The_list_shows_live_how_far_each_is_and_why_not_in_one_line()
    {
        var id = await AddAsync();
        var page = OpenType();
        page.WaitForAssertion(() => Assert.Equal("Creating", page.Find("[data-sync]").TextContent.Trim()), Patience);
        Assert.Equal($"/envs/{Env.Name}/resources/database/{id}", page.Find("tbody th a").GetAttribute("href"));

        await EndAsync(id, ResourceSyncStatus.Creating, "The chart answered 404\nand more");

        page.WaitForAssertion(() => Assert.Equal("Error", page.Find("[data-sync]").TextContent.Trim()), Patience);
        Assert.Equal("The chart answered 404", page.Find(".list-reason").TextContent);
    }

    [Fact]
    public async Task Who_can_be_asked_is_chosen_where_several_manage_them()
    {
        var second = await AddDeploymentAsync("second");
        var revision = await EnqueueAsync(second);
        await using (var db = await DbAsync())
        {
            await db.Deployments.Where(d => d.Id == second.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.RevisionId, revision), Cancel);
        }

        var page = OpenType();
        await ClickAsync(page, ".head button");
        Dialogs.WaitForElement("#managed-by", Patience);
        Assert.Empty(Dialogs.FindAll("#managed-name"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("#managed-by").Change(second.Id.ToString()));
        await Dialogs.InvokeAsync(() => Dialogs.Find("#managed-name").Change("orders"));
        await Dialogs.InvokeAsync(() => Dialogs.Find("[id$='-owner']").Change("alice"));
        await PressInDialogAsync("Create");

        page.WaitForAssertion(() => Assert.Contains("/resources/database/", Address, StringComparison.Ordinal), Patience);
        await using var after = await DbAsync();
        Assert.Equal(second.Id, (await after.Resources.SingleAsync(Cancel)).DeploymentId);
    }

    [Fact]
    public async Task Members_look_and_strangers_see_that_there_is_no_env()
    {
        await AddAsync();
        await MakeAliceAsync(EnvRole.User);
        var seen = OpenType();
        seen.WaitForAssertion(() => Assert.Equal("orders", seen.Find("tbody th").TextContent.Trim()), Patience);
        Assert.Empty(seen.FindAll(".head button"));

        await using var db = await DbAsync();
        await db.Set<EnvPermission>().ExecuteDeleteAsync(Cancel);
        var stranger = OpenType();
        stranger.WaitForAssertion(() => Assert.Contains(
            "There is no env", stranger.Find(".empty").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public void A_type_that_nobody_manages_is_not_found()
    {
        var page = Page.Render<Platz.Web.Managed.ManagedTypePage>(p => p.Add(t => t.Env, Env.Name).Add(t => t.Type, "queue"));

        page.WaitForAssertion(() => Assert.Contains(
            "Nothing called “queue”", page.Find(".empty").TextContent, StringComparison.Ordinal), Patience);
    }
}
