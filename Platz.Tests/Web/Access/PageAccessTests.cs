using Bunit;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.SignIn;

namespace Platz.Tests.Web.Access;

/// <summary>Every page, opened by everybody who can be signed in: shown, or not there, or not for them.</summary>
public sealed class PageAccessTests(PostgresServer postgres) : AllPagesTest(postgres)
{
    [Fact]
    public async Task Everybody_is_shown_the_pages_that_the_table_says_and_who_is_refused_is_told()
    {
        List<string> wrong = [];
        HashSet<(string, string, bool)> refused = [];
        foreach (var (who, person) in World.People.Where(p => p is { Key: > Who.Inactive, Value: Actor.User { Scope: null } }))
        {
            await Pages.InvokeAsync(() => SignIn.SetAuthorized(person.Name)
                .SetClaims([.. SignedIn.Identity(person, who is Who.Site, "test").Claims]));
            foreach (var page in PageTable.Of(World).Where(p => p.Template != PageTable.NotFound))
            {
                var (expected, title) = (Rules.Answer(who, page.Needs), await OpenAsync(page.There));
                var answer = title switch { NotFoundTitle => "404", NotAllowedTitle => "403", _ => Rules.Done };
                if (answer != expected)
                {
                    wrong.Add($"{who}: {page.Template} ({page.Needs}) is called {title}, not {expected}");
                }

                if (answer == "403")
                {
                    refused.Add(($"{who}", $"{Lacking(page)}", page.Needs is Rule.Site));
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await using var db = await DbAsync();
        var told = await db.AuditEvents.Where(e => e.Action == AuditAction.Denied).ToListAsync(Cancel);
        Assert.Equal(
            refused.Order(), told.Select(e => (e.ActorName, (string)e.Detail["needs"]!, e.EnvId is null)).Order());
    }

    /// <summary>What the trail says that they lack.</summary>
    private static Permission Lacking(PageRow page) => (page.Needs, page.Template) switch
    {
        (Rule.Site, "/audit") or (Rule.Admin, _) => Permission.ReadAudit,
        (Rule.Site, "/settings/bots/{Id:guid}") => Permission.EditPeople,
        (Rule.Site, _) => Permission.EditSite,
        (Rule.Own, _) => Permission.CreateDeployment,
        _ => Permission.EditDeployment,
    };
}
