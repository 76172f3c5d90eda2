using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;
using static Platz.Core.Identity.Standing;

namespace Platz.Tests.Core.Identity;

public sealed class TokenScopeTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    /// <summary>What somebody is, and what is left of it for a token that is limited to a role.</summary>
    [Theory]
    [InlineData(ScopeRole.User, "Member Member Member Member")]
    [InlineData(ScopeRole.Maintainer, "Member Maintainer Maintainer Maintainer")]
    [InlineData(ScopeRole.Owner, "Member Maintainer Owner Owner")]
    [InlineData(ScopeRole.Admin, "Member Maintainer Owner EnvAdmin")]
    public void A_token_is_the_lower_of_its_owner_and_its_scope(ScopeRole most, string expected)
    {
        var (env, kind, scope) = (Guid.NewGuid(), Guid.NewGuid(), new TokenScope(EnvIds: null, most));
        Grants[] owners =
        [
            Grants.None with { Envs = [new EnvGrant(env, EnvRole.User)] },
            Grants.None with { Kinds = [new KindGrant(env, kind, KindRole.Maintainer)] },
            Grants.None with { Kinds = [new KindGrant(env, kind, KindRole.Owner)] },
            Grants.None with { Envs = [new EnvGrant(env, EnvRole.Admin)] },
        ];

        Assert.Equal(expected, string.Join(' ', owners.Select(o => o.Within(scope).In(env, kind))));
        Assert.All(owners, o => Assert.Equal(None, o.Within(scope).In(Guid.NewGuid(), kind)));
    }

    [Fact]
    public void Outside_its_envs_a_token_is_nobody()
    {
        var (here, there, kind) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var owner = Grants.None with
        {
            Envs = [new EnvGrant(here, EnvRole.Admin), new EnvGrant(there, EnvRole.Admin)],
            Kinds = [new KindGrant(there, kind, KindRole.Owner)],
        };

        var left = owner.Within(new TokenScope(new HashSet<Guid> { here }, Most: null));

        Assert.Equal((EnvAdmin, None), (left.In(here, kind), left.In(there, kind)));
        Assert.Equal([here], left.Visible!);
        Assert.Empty(owner.Within(new TokenScope(new HashSet<Guid>(), Most: null)).Visible!);
    }

    [Fact]
    public async Task A_site_admin_with_a_scope_is_an_admin_of_envs_and_of_nothing_else()
    {
        await using var db = await DbAsync();

        var everywhere = await GrantsAsync(db, new TokenScope(EnvIds: null, ScopeRole.Admin));
        var elsewhere = await GrantsAsync(db, new TokenScope(new HashSet<Guid> { Guid.NewGuid() }, Most: null));
        var asMaintainer = await GrantsAsync(db, new TokenScope(new HashSet<Guid> { Env.Id }, ScopeRole.Maintainer));

        Assert.Equal(SiteAdmin, (await Access.GrantsAsync(db, Alice, Cancel)).In(null, null));
        Assert.Equal((EnvAdmin, None), (everywhere.In(Env.Id, Kind.Id), everywhere.In(null, null)));
        Assert.Equal((None, None), (elsewhere.In(Env.Id, Kind.Id), elsewhere.In(null, null)));
        Assert.Equal((Maintainer, None), (asMaintainer.In(Env.Id, Kind.Id), asMaintainer.In(null, null)));
        Assert.All([everywhere, elsewhere, asMaintainer], grants => Assert.False(grants.SiteAdmin));
        Assert.Equal([Env.Id], everywhere.Visible!);
    }

    [Fact]
    public void A_scope_is_within_another_when_it_allows_nothing_more()
    {
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());
        var one = Of([a], ScopeRole.Maintainer);

        Assert.True(one.IsWithin(one));
        Assert.True(Of([], ScopeRole.User).IsWithin(one));
        Assert.True(one.IsWithin(Of([a, b], most: null)));
        Assert.False(Of([a, b], ScopeRole.User).IsWithin(one));
        Assert.False(Of([a], ScopeRole.Owner).IsWithin(one));
        Assert.False(Of([a], most: null).IsWithin(one));
        Assert.False(Of(envs: null, ScopeRole.User).IsWithin(one));
    }

    [Fact]
    public void Who_acts_with_another_scope_is_another_and_from_elsewhere_the_same()
    {
        var (env, bob) = (Guid.NewGuid(), new Actor.User(Guid.NewGuid(), "bob"));

        Assert.Equal(bob with { Scope = Of([env], most: null) }, bob with { Scope = Of([env], most: null) });
        Assert.NotEqual(bob, bob with { Scope = Of([env], most: null) });
        Assert.NotEqual<Actor>(bob, new Actor.Bot(bob.Id, bob.Name));
        Assert.Equal(bob, bob with { Origin = new Origin(System.Net.IPAddress.Loopback, Guid.NewGuid()) });
    }

    private static TokenScope Of(Guid[]? envs, ScopeRole? most) => new(envs?.ToHashSet(), most);

    private Task<Grants> GrantsAsync(PlatzDb db, TokenScope scope) =>
        Access.GrantsAsync(db, Alice with { Scope = scope }, Cancel);
}
