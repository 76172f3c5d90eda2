using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

public sealed class ApiTokensTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2030-01-01T00:00:00Z"));
    private readonly TempFolder _folder = new();

    private ApiTokens Tokens => Services.GetRequiredService<ApiTokens>();

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Secrets:KeyFile", _folder.File("keys"))]).Build());
        services.AddPlatzIdentity();
        services.AddSingleton<TimeProvider>(_clock);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_leads_to_its_user()
    {
        var text = await CreateAsync();

        Assert.Equal(new TokenHolder(Alice, IsAdmin: true), await FindAsync(text));
        Assert.Matches($"^{TokenText.Pattern}$", text);
    }

    [Fact]
    public async Task A_token_leads_to_its_bot_until_the_bot_is_gone()
    {
        var bot = new Bot { DisplayName = "ci" };
        await using var db = await DbAsync();
        db.Add(bot);
        await db.SaveChangesAsync(Cancel);
        var text = await CreateAsync(NewToken.OfBot(bot.Id, "ci"));

        Assert.Equal(new TokenHolder(new Actor.Bot(bot.Id, "ci"), IsAdmin: false), await FindAsync(text));

        await ExecuteAsync("UPDATE bots SET deleted_at = now()");
        Assert.Null(await FindAsync(text));
    }

    [Fact]
    public async Task A_token_of_a_site_admin_that_has_a_scope_makes_no_site_admin()
    {
        var scope = new TokenScope(new HashSet<Guid> { Env.Id }, ScopeRole.Maintainer);
        var text = await CreateAsync(NewToken.OfUser(Alice.Id, "ci") with { Scope = scope });

        Assert.Equal(new TokenHolder(Alice with { Scope = scope }, IsAdmin: false), await FindAsync(text));
    }

    [Fact]
    public async Task A_token_bound_to_addresses_is_refused_from_others()
    {
        var text = await CreateAsync(
            NewToken.OfUser(Alice.Id, "office") with { Cidrs = ["10.1.0.0/16", "2001:db8::/32"] });

        foreach (var (from, isLetIn) in new (string?, bool)[]
        {
            ("10.1.2.3", true), ("::ffff:10.1.2.3", true), ("2001:db8::7", true), ("2001:db8::7%3", true),
            ("10.2.0.1", false), ("::1", false), ("2001:db9::7", false), (null, false),
        })
        {
            var address = from is null ? null : IPAddress.Parse(from);
            Assert.Equal((from, isLetIn), (from, await Tokens.FindAsync(text, address, Cancel) is not null));
        }
    }

    [Fact]
    public async Task Whoever_uses_a_token_is_known_by_address_and_token()
    {
        var text = await CreateAsync();

        var holder = await Tokens.FindAsync(text, IPAddress.Parse("::ffff:192.0.2.1"), Cancel);

        await using var db = await DbAsync();
        var stored = await db.ApiTokens.SingleAsync(Cancel);
        Assert.Equal(new Origin(IPAddress.Parse("192.0.2.1"), stored.Id), holder!.Actor.Origin);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), stored.LastUsedIp);
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var text = await CreateAsync();

        _clock.Advance(TimeSpan.FromDays(NewToken.DefaultDays) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync(text));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FindAsync(text));
    }

    [Theory]
    [InlineData("UPDATE api_tokens SET revoked_at = now()")]
    [InlineData("UPDATE users SET is_active = false")]
    [InlineData("DELETE FROM api_tokens")]
    public async Task A_token_stops_working_at_once(string sql)
    {
        var text = await CreateAsync();
        Assert.NotNull(await FindAsync(text));

        await ExecuteAsync(sql);

        Assert.Null(await FindAsync(text));
    }

    [Fact]
    public async Task The_last_use_is_written_at_most_once_a_minute()
    {
        var text = await CreateAsync();
        var began = _clock.GetUtcNow();

        await FindAsync(text);
        Assert.Equal(began, await LastUsedAsync());

        _clock.Advance(TimeSpan.FromSeconds(59));
        await FindAsync(text);
        Assert.Equal(began, await LastUsedAsync());

        _clock.Advance(TimeSpan.FromSeconds(1));
        await FindAsync(text);
        Assert.Equal(began.AddMinutes(1), await LastUsedAsync());
    }

    [Fact]
    public async Task What_cannot_be_a_token_does_not_reach_the_database()
    {
        var text = await CreateAsync();
        var typo = text[..^1] + (text[^1] == 'a' ? 'b' : 'a');
        var tokens = new ApiTokens(new NoDatabase(), Services.GetRequiredService<TokenPepper>(), _clock);

        var shouted = text.ToUpperInvariant();
        foreach (var bad in new[] { null, "", typo, text + ".", shouted, new string('x', 10_240), "pltz_u_٣٣٣" })
        {
            Assert.Null(await tokens.FindAsync(bad, from: null, Cancel));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => tokens.FindAsync(text, from: null, Cancel));
    }

    [Fact]
    public async Task Reading_the_database_is_not_enough_to_use_or_check_a_token()
    {
        var text = await CreateAsync();

        await using var db = await DbAsync();
        var stored = await db.ApiTokens.SingleAsync(Cancel);
        var setting = await db.Settings.SingleAsync(Cancel);

        Assert.NotEqual(TokenText.Hash(text, setting.Value), stored.Hash);
        Assert.NotEqual(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)), stored.Hash);
    }

    [Fact]
    public async Task Processes_that_start_together_share_one_pepper()
    {
        var peppers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            ActivatorUtilities.CreateInstance<TokenPepper>(Services).GetAsync(Cancel).AsTask()));

        Assert.Single(peppers.Select(Convert.ToHexString).Distinct());
    }

    [Fact]
    public async Task Another_key_file_is_refused_and_not_taken_for_a_new_start()
    {
        await CreateAsync();
        var databases = Services.GetRequiredService<IDbContextFactory<PlatzDb>>();
        var other = new Envelope(KeyRing.Load(_folder.File("other")));

        await Assert.ThrowsAsync<EnvelopeException>(() => new TokenPepper(databases, other).GetAsync(Cancel).AsTask());
        Assert.Throws<EnvelopeException>(() =>
        {
            Services.GetRequiredService<SessionKeys>().Add("key-1", "<key/>");
            return new SessionKeys(databases, other).ReadAll();
        });
    }

    [Fact]
    public async Task A_session_key_copied_over_another_is_refused()
    {
        var keys = Services.GetRequiredService<SessionKeys>();
        keys.Add("key-1", "<key id='1'/>");
        keys.Add("key-2", "<key id='2'/>");
        Assert.Equal(["<key id='1'/>", "<key id='2'/>"], keys.ReadAll());

        await ExecuteAsync("""
            UPDATE data_protection_keys SET xml = (SELECT xml FROM data_protection_keys WHERE name = 'key-1')
            """);

        Assert.Throws<EnvelopeException>(() => keys.ReadAll());
    }

    private Task<string> CreateAsync() => CreateAsync(NewToken.OfUser(Alice.Id, "laptop"));

    private async Task<string> CreateAsync(NewToken token)
    {
        var made = await Services.GetRequiredService<TokenEditor>().CreateAsync(token, Alice, Cancel);
        return Assert.IsType<TokenResult.Created>(made).Text;
    }

    private Task<TokenHolder?> FindAsync(string? text) => Tokens.FindAsync(text, IPAddress.Loopback, Cancel);

    private async Task<DateTimeOffset?> LastUsedAsync()
    {
        await using var db = await DbAsync();
        return await db.ApiTokens.Select(t => t.LastUsedAt).SingleAsync(Cancel);
    }

    private sealed class NoDatabase : IDbContextFactory<PlatzDb>
    {
        public PlatzDb CreateDbContext() => throw new InvalidOperationException("The database was asked.");
    }
}
