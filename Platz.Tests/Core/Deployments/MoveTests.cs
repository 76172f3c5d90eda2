using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>Moves to another env: what is asked for takes effect there.</summary>
public sealed class MoveTests(PostgresServer postgres) : EditorTest(postgres)
{
    [Fact]
    public async Task Everything_that_is_changed_with_a_move_needs_its_right_in_the_new_env()
    {
        var (there, bob) = await ProdAsync(KindRole.Maintainer);
        var deployment = await AddDeploymentAsync();
        var move = new DeploymentEdit { ClusterId = there };

        var withOverride = await Editor.UpdateAsync(
            deployment.Id, move with { ValuesOverride = new JsonObject { ["x"] = 1 } }, bob, Cancel);
        var disabled = await Editor.UpdateAsync(deployment.Id, move with { Enabled = false }, bob, Cancel);
        var alone = await Editor.UpdateAsync(deployment.Id, move, bob, Cancel);

        Assert.IsType<SaveResult.Forbidden>(withOverride);
        Assert.IsType<SaveResult.Forbidden>(disabled);
        Assert.IsType<SaveResult.Saved>(alone);
    }

    [Theory]
    [InlineData("""a \\u0000 that is spelled""", true)]
    [InlineData("a \0 that is one", false)]
    public async Task An_override_may_spell_what_cannot_be_stored(string text, bool isTaken)
    {
        var deployment = await AddDeploymentAsync();

        var result = await Editor.UpdateAsync(
            deployment.Id, new DeploymentEdit { ValuesOverride = new JsonObject { ["pattern"] = text } }, Alice, Cancel);

        Assert.Equal(isTaken, result is SaveResult.Saved);
    }

    /// <summary>Another env, and an Owner of the kind in the first who has this role there.</summary>
    private async Task<(Guid Cluster, Actor Bob)> ProdAsync(KindRole role)
    {
        var prod = new Env { Name = "prod" };
        var cluster = new Cluster { EnvId = prod.Id, ProviderId = "prod", Name = "prod", RegionName = "local" };
        var bob = new User { DisplayName = "Bob", Email = "bob@example.org" };
        await using var db = await DbAsync();
        db.AddRange(prod, bob);
        await db.SaveChangesAsync(Cancel);
        db.AddRange(
            cluster,
            new DeploymentPermission { EnvId = Env.Id, KindId = Kind.Id, UserId = bob.Id, Role = KindRole.Owner },
            new DeploymentPermission { EnvId = prod.Id, KindId = Kind.Id, UserId = bob.Id, Role = role });
        await db.SaveChangesAsync(Cancel);
        return (cluster.Id, new Actor.User(bob.Id, bob.DisplayName));
    }
}
