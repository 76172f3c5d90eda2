using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Deployments;
using Platz.Web.Envs;

namespace Platz.Tests.Web.Envs;

public sealed class RightsOnPagesTests(PostgresServer postgres) : PageTest(postgres)
{
    [Fact]
    public async Task A_page_for_which_the_role_is_missing_says_which()
    {
        await MakeAliceAsync(EnvRole.User);

        var seen = Scope(Permission.See);
        seen.WaitForAssertion(() => Assert.Equal("the page", seen.Find("main").TextContent), Patience);
        var create = Scope(Permission.CreateDeployment);
        AssertSays("This needs an Owner of this kind.", create);
        Assert.Empty(create.FindAll("main"));
    }

    [Fact]
    public async Task A_member_sees_the_deployment_and_none_of_its_commands()
    {
        await MakeAliceAsync(EnvRole.User);
        var deployment = await AddDeploymentAsync();

        var view = Page.Render<DeploymentView>(p => p.Add(v => v.Place, Place).Add(v => v.Id, deployment.Id.ToString()));

        view.WaitForAssertion(() => view.Find(".tabs"), Patience);
        Assert.Empty(view.FindAll(".head button, .head a"));
        Assert.DoesNotContain("Values override", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_by_id_leads_to_the_deployment_for_who_may_see_it()
    {
        var deployment = await AddDeploymentAsync();
        var navigation = Page.Services.GetRequiredService<NavigationManager>();
        var followed = Link(deployment.Id);
        followed.WaitForState(() => navigation.Uri.EndsWith(
            $"/envs/demo/deployments/Web/{deployment.Id}", StringComparison.Ordinal), Patience);

        AssertSays("There is no such deployment", Link(Guid.NewGuid()));
        await MakeAliceAsync();
        AssertSays("There is no such deployment", Link(deployment.Id));
    }

    [Theory]
    [InlineData(KindRole.Maintainer, 0)]
    [InlineData(KindRole.Owner, 2)]
    public async Task Only_who_may_create_a_deployment_is_offered_to(KindRole role, int links)
    {
        await MakeAliceAsync(EnvRole.User);
        await using (var db = await DbAsync())
        {
            db.Add(new DeploymentPermission { EnvId = Env.Id, KindId = Kind.Id, UserId = Alice.Id, Role = role });
            await db.SaveChangesAsync(Cancel);
        }

        var page = Page.Render<DeploymentsPage>(p => p.Add(d => d.Env, Env.Name).Add(d => d.Kind, Kind.Name));

        AssertSays("No Web deployments yet", page);
        Assert.Equal(links, page.FindAll("a.btn-primary").Count);
    }

    private IRenderedComponent<DeploymentByIdPage> Link(Guid id) => Page.Render<DeploymentByIdPage>(p => p.Add(l => l.Id, id));

    private IRenderedComponent<KindScope> Scope(Permission needs) => Page.Render<KindScope>(p => p
        .Add(s => s.Env, Env.Name).Add(s => s.Kind, Kind.Name).Add(s => s.Needs, needs)
        .Add(s => s.ChildContent, _ => "<main>the page</main>"));

    private static void AssertSays<T>(string words, IRenderedComponent<T> page)
        where T : IComponent =>
        page.WaitForAssertion(() => Assert.Contains(words, page.Find(".empty").TextContent, StringComparison.Ordinal), Patience);
}
