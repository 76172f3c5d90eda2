using Platz.Core.Catalog;
using Platz.Web.Layout;

namespace Platz.Tests.Web.Envs;

public sealed class SamePlaceTests
{
    [Theory]
    [InlineData("", "/envs/b")]
    [InlineData("envs", "/envs/b")]
    [InlineData("envs/a", "/envs/b")]
    [InlineData("envs/a/deployments/?q=shop", "/envs/b")]
    [InlineData("envs/a/tasks", "/envs/b/tasks")]
    [InlineData("envs/a/tasks?status=Failed&cluster=1&deployment=2&page=3&range=7d", "/envs/b/tasks?status=Failed&range=7d")]
    [InlineData("tasks?page=2#main", "/envs/b/tasks")]
    [InlineData("tasks/0195f9a2-2c6e-7d8c-9b2f-000000000001/log", "/envs/b")]
    [InlineData("envs/a/insight?days=7", "/envs/b/insight?days=7")]
    [InlineData("envs/a/deployments/Web%20Service", "/envs/b/deployments/Web%20Service")]
    [InlineData("envs/a/deployments/Web/some-id/history?page=2", "/envs/b/deployments/Web")]
    [InlineData("envs/a/settings", "/envs/b/settings")]
    [InlineData("envs/a/settings/secrets", "/envs/b/settings/secrets")]
    [InlineData("envs/a/resources/buckets/some-id", "/envs/b")]
    public void The_same_place_in_another_env(string address, string expected) =>
        Assert.Equal(expected, SamePlace.In(new EnvChoice(Guid.Empty, "b", 0, 0, HasType: false), address));
}
