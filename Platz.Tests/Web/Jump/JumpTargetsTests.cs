using Platz.Core.Identity;
using Platz.Core.Jump;
using Platz.Web.Jump;

namespace Platz.Tests.Web.Jump;

public sealed class JumpTargetsTests
{
    private static readonly JumpPlace s_demo = new(Guid.NewGuid(), "demo");
    private static readonly JumpPlace s_prod = new(Guid.NewGuid(), "prod");
    private static readonly JumpPlace s_web = new(Guid.NewGuid(), "Web");
    private static readonly JumpPlace s_cluster = new(Guid.NewGuid(), "one");

    private static readonly JumpPlaces s_places = JumpPlaces.None with { Envs = [s_demo, s_prod], Kinds = [s_web] };

    private static readonly JumpPlaces s_ofAdmin = s_places with
    {
        Grants = Grants.None with { SiteAdmin = true },
        Clusters = [s_cluster],
    };

    [Fact]
    public void Nothing_typed_offers_the_pages_of_where_one_is()
    {
        string[] pages =
        [
            "/envs/demo", "/envs/demo/tasks", "/envs/demo/insight", "/envs/demo/settings/secrets",
            "/envs/demo/settings/clusters", "/envs/demo/settings", "/tasks", "/envs",
        ];

        Assert.Equal(pages, Pages("", "demo", s_places));
        Assert.Equal([.. pages[^2..], "/settings"], Pages("", env: null, s_ofAdmin with { Clusters = [] }));
    }

    [Fact]
    public void Pages_answer_to_their_env_and_kind_those_of_where_one_is_first()
    {
        Assert.Equal(
            [
                "/envs/prod/settings/secrets", "/envs/prod/settings/clusters", "/envs/prod/settings/members",
                "/envs/prod/settings/roles", "/envs/prod/settings",
            ],
            Pages("settings prod", "demo", s_places));
        Assert.Equal(["/envs/prod/tasks", "/envs/demo/tasks", "/tasks"], Pages("activity", "prod", s_places));
        Assert.Equal(["/envs/demo/deployments/Web"], Pages("web demo", env: null, s_places));
    }

    [Fact]
    public void The_settings_of_the_site_are_a_site_admins_to_find()
    {
        Assert.Equal(
            [
                "/settings", "/settings/clusters", "/settings/registries", "/settings/charts",
                "/settings/tag-formats", "/settings/users", "/settings/bots",
                $"/settings/clusters/{s_cluster.Id}",
            ],
            Pages("settings site", "demo", s_ofAdmin));
        Assert.Empty(JumpTargets.Of(new JumpResults([], [], s_places), "settings site", "demo"));
    }

    [Fact]
    public void The_form_of_a_new_deployment_is_found_by_who_may_make_one()
    {
        var owner = s_places with
        {
            Grants = Grants.None with { Kinds = [new(s_prod.Id, s_web.Id, KindRole.Owner)] },
        };

        Assert.Equal(["/envs/prod/deployments/Web/new"], Pages("new web", "demo", owner));
        Assert.Empty(JumpTargets.Of(new JumpResults([], [], s_places), "new web", "demo"));
    }

    [Fact]
    public void A_deployment_without_a_name_goes_by_its_namespace()
    {
        var group = Assert.Single(JumpTargets.Of(OfDeployment(""), "xyz", env: null));

        Assert.Equal("Deployments", group.Title);
        Assert.Equal("web", Assert.Single(group.Targets).Text);
    }

    [Theory]
    [InlineData("shop", "")]
    [InlineData("shop history", "/history")]
    [InlineData("resources shop", "/resources")]
    [InlineData("insight shop", "/insight")]
    [InlineData("history", "")]
    public void A_part_of_a_deployment_is_named_beside_it(string text, string tab)
    {
        var target = Assert.Single(Assert.Single(JumpTargets.Of(OfDeployment("shop"), text, env: null)).Targets);

        Assert.Equal($"/envs/demo/deployments/Web/{Guid.Empty}{tab}", target.Address);
        Assert.Equal([text is "history" ? text : "shop"], JumpWords.Of(text).Subject); // the part is no word to look for
    }

    private static JumpResults OfDeployment(string name) =>
        new([new(Guid.Empty, name, "web", "Web", "demo", "one")], [], JumpPlaces.None);

    private static IEnumerable<string> Pages(string text, string? env, JumpPlaces places) =>
        Assert.Single(JumpTargets.Of(new JumpResults([], [], places), text, env)).Targets.Select(target => target.Address);
}
