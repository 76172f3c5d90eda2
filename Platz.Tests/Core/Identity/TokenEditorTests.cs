using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

public sealed class TokenEditorTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2030-01-01T00:00:00Z"));
    private readonly Bot _bot = new() { DisplayName = "ci" };
    private readonly User _user = new() { DisplayName = "bob", Email = "bob@example.org" };

    private TokenEditor Editor => Services.GetRequiredService<TokenEditor>();

    private Actor Bob => new Actor.User(_user.Id, "bob");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.AddRange(_bot, _user);
        db.Add(new EnvPermission { EnvId = Env.Id, UserId = _user.Id, Role = EnvRole.User });
        await db.SaveChangesAsync(Cancel);
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddPlatzIdentity();
        services.AddSingleton<TimeProvider>(_clock);
    }

    [Fact]
    public async Task Of_a_token_no_more_is_kept_than_is_needed_to_know_it_again()
    {
        var scope = new TokenScope(new HashSet<Guid> { Env.Id }, ScopeRole.Owner);
        var text = await CreateAsync(
            NewToken.OfBot(_bot.Id, " deploy ") with { Days = 7, Scope = scope, Cidrs = ["10.0.0.0/8"] }, Alice);

        await using var db = await DbAsync();
        var token = await db.ApiTokens.SingleAsync(Cancel);
        Assert.Equal(("deploy", (Guid?)_bot.Id, Alice.UserId), (token.Name, token.BotId, token.CreatedByUserId));
        Assert.Equal($"{text[..11]}…{text[^4..]}", token.Shown);
        Assert.Equal(_clock.GetUtcNow().AddDays(7), token.ExpiresAt);
        Assert.Equal([Env.Id], token.ScopeEnvIds!);
        Assert.Equal(ScopeRole.Owner, token.ScopeRole);
        Assert.Equal(["10.0.0.0/8"], token.Cidrs);
        Assert.Equal(
            0, await NumberAsync($"SELECT count(*) FROM api_tokens AS t WHERE t::text LIKE '%{text[11..^4]}%'"));
        Assert.DoesNotContain(text, $"{new TokenResult.Created(token.Id, text)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_make_their_own_tokens_and_site_admins_those_of_others()
    {
        await CreateAsync(NewToken.OfUser(_user.Id, "laptop"), Bob);
        await CreateAsync(NewToken.OfUser(_user.Id, "laptop"), Alice);

        const string NeedsAdmin = "This needs a site admin.";
        Assert.Equal(NeedsAdmin, await RefusalAsync(NewToken.OfUser(Alice.Id, "x"), Bob));
        Assert.Equal(NeedsAdmin, await RefusalAsync(NewToken.OfBot(_bot.Id, "x"), Bob));
        const string OnlyPeople = "Only people make tokens.";
        Assert.Equal(OnlyPeople, await RefusalAsync(NewToken.OfBot(_bot.Id, "x"), new Actor.Bot(_bot.Id, "ci")));
        Assert.Equal(
            OnlyPeople, await RefusalAsync(NewToken.OfBot(_bot.Id, "x"), new Actor.Deployment(Guid.NewGuid(), "Web")));
        Assert.Equal(
            [("change users, bots or tokens", "EditPeople"), ("make a token", null), ("make a token", null)],
            await DeniedAsync());
    }

    [Fact]
    public async Task A_token_makes_none_that_may_do_more()
    {
        var scope = new TokenScope(new HashSet<Guid> { Env.Id }, ScopeRole.Maintainer);
        var (narrow, own) = (Bob with { Scope = scope }, NewToken.OfUser(_user.Id, "next"));

        const string More = "A token makes none that may do more than itself.";
        Assert.Equal(More, await RefusalAsync(own, narrow));
        Assert.Equal(More, await RefusalAsync(own with { Scope = scope with { Most = null } }, narrow));
        Assert.Equal(More, await RefusalAsync(own with { Scope = scope with { EnvIds = null } }, narrow));
        await CreateAsync(own with { Scope = scope with { Most = ScopeRole.User } }, narrow);
        Assert.Equal("This needs a site admin.", await RefusalAsync(
            NewToken.OfBot(_bot.Id, "x") with { Scope = scope }, Alice with { Scope = scope }));
        Assert.Equal(
            [("make a token that may do more than itself", null), ("change users, bots or tokens", "EditPeople")],
            await DeniedAsync());
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_the_name_of_its_field()
    {
        var token = NewToken.OfUser(_user.Id, "laptop");
        foreach (var (bad, field) in new[]
        {
            (token with { Name = "  " }, "name"),
            (token with { Name = new string('x', 101) }, "name"),
            (token with { Name = "a\nb" }, "name"),
            (token with { Days = 0 }, "expires_in_days"),
            (token with { Days = 367 }, "expires_in_days"),
            (token with { Cidrs = ["10.0.0.1/8/9"] }, "cidrs"),
            (token with { Cidrs = [.. Enumerable.Repeat("10.0.0.0/8", 21)] }, "cidrs"),
            (token with { Scope = new TokenScope(new HashSet<Guid>(), Most: null) }, "scope"),
            (token with { Scope = new TokenScope(new HashSet<Guid> { Guid.NewGuid() }, Most: null) }, "scope"),
        })
        {
            var refused = Assert.IsType<TokenResult.Refused>(await Editor.CreateAsync(bad, Bob, Cancel));
            Assert.Equal(field, Assert.Single(Assert.IsType<SettingResult.Invalid>(refused.Why).Errors).Field);
        }
    }

    [Fact]
    public async Task Nobody_learns_of_an_env_by_making_a_token_for_it()
    {
        await ExecuteAsync("DELETE FROM env_user_permissions");

        var scope = new TokenScope(new HashSet<Guid> { Env.Id }, Most: null);
        Assert.Equal("There is no such env.", await RefusalAsync(
            NewToken.OfUser(_user.Id, "x") with { Scope = scope }, Bob));
    }

    [Fact]
    public async Task Of_one_name_a_bot_has_two_tokens_at_most()
    {
        var token = NewToken.OfBot(_bot.Id, "deploy");
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Editor.CreateAsync(token, Alice, Cancel)));
        Assert.Equal(2, made.OfType<TokenResult.Created>().Count());
        Assert.Equal("This bot has two tokens of this name. Revoke one first.", await RefusalAsync(token, Alice));
        await CreateAsync(token with { Name = "other" }, Alice);

        await Editor.RevokeAsync(made.OfType<TokenResult.Created>().First().Id, Alice, Cancel);
        await CreateAsync(token, Alice);

        _clock.Advance(TimeSpan.FromDays(NewToken.DefaultDays)); // what has ended does not count
        await CreateAsync(token, Alice);
    }

    [Fact]
    public async Task Whoever_is_gone_gets_no_token()
    {
        await ExecuteAsync("UPDATE users SET is_active = false WHERE display_name = 'bob'");
        await ExecuteAsync("UPDATE bots SET deleted_at = now()");

        Assert.Equal("This user is deactivated.", await RefusalAsync(NewToken.OfUser(_user.Id, "x"), Alice));
        Assert.Equal("gone", await RefusalAsync(NewToken.OfUser(Guid.NewGuid(), "x"), Alice));
        Assert.Equal("gone", await RefusalAsync(NewToken.OfBot(_bot.Id, "x"), Alice));
    }

    [Fact]
    public async Task A_token_is_revoked_once_by_its_owner_or_a_site_admin()
    {
        var own = await IdAsync(NewToken.OfUser(_user.Id, "a"));
        var other = await IdAsync(NewToken.OfUser(Alice.Id, "b"));
        var ofBot = await IdAsync(NewToken.OfBot(_bot.Id, "c"));

        Assert.IsType<SettingResult.NotFound>(await Editor.RevokeAsync(other, Bob, Cancel));
        Assert.IsType<SettingResult.Forbidden>(await Editor.RevokeAsync(ofBot, Bob, Cancel));
        Assert.IsType<SettingResult.NotFound>(await Editor.RevokeAsync(Guid.NewGuid(), Alice, Cancel));
        Assert.IsType<SettingResult.Saved>(await Editor.RevokeAsync(own, Bob, Cancel));
        Assert.IsType<SettingResult.NotFound>(await Editor.RevokeAsync(own, Bob, Cancel));
        Assert.IsType<SettingResult.Saved>(await Editor.RevokeAsync(ofBot, Alice, Cancel));
        Assert.Equal(
            2, await NumberAsync($"SELECT count(*) FROM api_tokens WHERE revoked_at = '{_clock.GetUtcNow():O}'"));
    }

    [Fact]
    public async Task A_token_with_a_scope_ends_itself_and_no_other()
    {
        var one = await IdAsync(NewToken.OfUser(_user.Id, "a"));
        var two = await IdAsync(NewToken.OfUser(_user.Id, "b"));
        var narrow = Bob with
        {
            Scope = new TokenScope(EnvIds: null, ScopeRole.User),
            Origin = new Origin(Address: null, one),
        };

        Assert.IsType<SettingResult.NotFound>(await Editor.RevokeAsync(two, narrow, Cancel));
        Assert.IsType<SettingResult.Saved>(await Editor.RevokeAsync(one, narrow, Cancel));
    }

    [Fact]
    public async Task What_was_made_and_revoked_is_told_without_the_token()
    {
        var text = await CreateAsync(NewToken.OfBot(_bot.Id, "deploy"), Alice);
        await using var db = await DbAsync();
        var token = await db.ApiTokens.SingleAsync(Cancel);
        await RefusalAsync(NewToken.OfBot(_bot.Id, "deploy"), Bob);

        await Editor.RevokeAsync(token.Id, Alice, Cancel);

        var told = await db.AuditEvents.Where(e => e.SubjectKind == "token").OrderBy(e => e.Seq).ToListAsync(Cancel);
        Assert.Equal([AuditAction.TokenCreated, AuditAction.TokenRevoked], told.Select(e => e.Action));
        Assert.All(told, e => Assert.Equal(
            (Alice.Name, (Guid?)token.Id, "deploy", "ci"),
            (e.ActorName, e.SubjectId, e.SubjectName, (string?)e.Detail["bot"])));
        Assert.All(told, e => Assert.DoesNotContain(text[11..^4], AuditCanon.Text(e), StringComparison.Ordinal));
    }

    private async Task<string> CreateAsync(NewToken token, Actor actor) =>
        Assert.IsType<TokenResult.Created>(await Editor.CreateAsync(token, actor, Cancel)).Text;

    private async Task<Guid> IdAsync(NewToken token) =>
        Assert.IsType<TokenResult.Created>(await Editor.CreateAsync(token, Alice, Cancel)).Id;

    private async Task<string> RefusalAsync(NewToken token, Actor actor) =>
        Assert.IsType<TokenResult.Refused>(await Editor.CreateAsync(token, actor, Cancel)).Why.Refusal("gone");

    private async Task<List<(string What, string? Needs)>> DeniedAsync()
    {
        await using var db = await DbAsync();
        var denied = await db.AuditEvents.Where(e => e.Action == AuditAction.Denied).OrderBy(e => e.Seq)
            .ToListAsync(Cancel);
        return denied.ConvertAll(e => (e.SubjectName, (string?)e.Detail["needs"]));
    }
}
