using Bunit;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.SignIn;

namespace Platz.Tests.Web.Access;

/// <summary>Every page, opened by everybody who can be signed in: shown, or not there, or not for them.</summary>
public sealed class PageAccessTests(PostgresServer postgres) : AllPagesTest(postgres)
{
    [Fact]
    public async Task Everybody_is_shown_the_pages_that_the_table_says()
    {
        List<string> wrong = [];
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
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
