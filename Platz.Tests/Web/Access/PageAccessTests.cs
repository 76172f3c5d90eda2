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
    /// <summary>What the trail says that they lack.</summary>
    private static readonly Dictionary<Rule, Permission> s_lacking = new()
    {
        [Rule.Site] = Permission.EditSite,
        [Rule.Admin] = Permission.ReadAudit,
        [Rule.Own] = Permission.CreateDeployment,
        [Rule.Maintain] = Permission.EditDeployment,
    };

    [Fact]
    public async Task Everybody_is_shown_the_pages_that_the_table_says_and_who_is_refused_is_told()
    {
        List<string> wrong = [];
        HashSet<(string, string)> refused = [];
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
                    refused.Add(($"{who}", $"{s_lacking[page.Needs]}"));
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await using var db = await DbAsync();
        var told = await db.AuditEvents.Where(e => e.Action == AuditAction.Denied).ToListAsync(Cancel);
        Assert.Equal(refused.Order(), told.Select(e => (e.ActorName, (string)e.Detail["needs"]!)).Order());
        Assert.All(told, e => Assert.Equal($"{e.Detail["needs"]}" == "EditSite", e.EnvId is null));
    }
}
