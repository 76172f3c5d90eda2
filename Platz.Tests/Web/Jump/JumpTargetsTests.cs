using Platz.Core.Jump;
using Platz.Web.Jump;

namespace Platz.Tests.Web.Jump;

public sealed class JumpTargetsTests
{
    private static readonly JumpResults s_found = new([], [], ["demo", "prod"], ["Web"]);

    [Fact]
    public void Nothing_typed_offers_the_pages_of_where_one_is() => Assert.Equal(
        [
            "/envs/demo", "/envs/demo/tasks", "/envs/demo/insight", "/envs/demo/settings/secrets",
            "/envs/demo/settings", "/tasks", "/envs",
        ],
        Pages("", "demo"));

    [Fact]
    public void Pages_answer_to_their_env_and_kind_those_of_where_one_is_first()
    {
        Assert.Equal(["/envs/prod/settings/secrets", "/envs/prod/settings"], Pages("settings prod", "demo"));
        Assert.Equal(["/envs/prod/tasks", "/envs/demo/tasks", "/tasks"], Pages("activity", "prod"));
        Assert.Equal(["/envs/demo/deployments/Web"], Pages("web demo", env: null));
    }

    [Fact]
    public void A_deployment_without_a_name_goes_by_its_namespace()
    {
        var group = Assert.Single(JumpTargets.Of(
            new JumpResults([new(Guid.Empty, "", "web", "Web", "demo", "one")], [], [], []), "xyz", env: null));

        Assert.Equal("Deployments", group.Title);
        Assert.Equal("web", Assert.Single(group.Targets).Text);
    }

    private static IEnumerable<string> Pages(string text, string? env) =>
        Assert.Single(JumpTargets.Of(s_found, text, env)).Targets.Select(target => target.Address);
}
