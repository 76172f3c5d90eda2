using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Audit;

namespace Platz.Tests.Core.Identity;

public sealed class SignInTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2030-01-01T00:00:00Z"));
    private readonly TempFolder _folder = new();

    private SignInLinks Links => Services.GetRequiredService<SignInLinks>();

    private LocalAdmin LocalAdmin => Services.GetRequiredService<LocalAdmin>();

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
    public async Task Processes_that_start_together_make_one_local_admin()
    {
        var admins = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LocalAdmin.FindOrCreateAsync(Cancel)));

        Assert.Single(admins.Select(a => a.Id).Distinct());
        await using var db = await DbAsync();
        var admin = await db.Users.SingleAsync(u => u.Email == LocalAdmin.Email, Cancel);
        Assert.True(admin is { IsAdmin: true, IsActive: true, DisplayName: "Local admin" });
    }

    [Fact]
    public async Task Of_many_who_open_a_link_at_once_one_is_signed_in()
    {
        var token = await Links.CreateAsync(Alice.Id, Cancel);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Links.RedeemAsync(token, Origin.Unknown, Cancel)));

        Assert.Equal(Alice.Id, Assert.Single(outcomes.OfType<SignInOutcome.SignedIn>()).User.Id);
        Assert.Equal(7, outcomes.Count(o => o is SignInOutcome.Refused(SignInRefusal.Used)));
    }

    [Fact]
    public async Task A_link_is_good_for_a_day_and_no_longer()
    {
        var early = await Links.CreateAsync(Alice.Id, Cancel);
        var late = await Links.CreateAsync(Alice.Id, Cancel);

        _clock.Advance(SignInLinks.Lifetime - TimeSpan.FromSeconds(1));
        Assert.IsType<SignInOutcome.SignedIn>(await Links.RedeemAsync(early, Origin.Unknown, Cancel));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new SignInOutcome.Refused(SignInRefusal.Expired), await Links.RedeemAsync(late, Origin.Unknown, Cancel));
    }

    [Fact]
    public async Task A_deactivated_user_is_refused_and_keeps_the_link()
    {
        var token = await Links.CreateAsync(Alice.Id, Cancel);

        await ExecuteAsync("UPDATE users SET is_active = false");
        Assert.Equal(new SignInOutcome.Refused(SignInRefusal.Deactivated), await Links.RedeemAsync(token, Origin.Unknown, Cancel));

        await ExecuteAsync("UPDATE users SET is_active = true");
        Assert.IsType<SignInOutcome.SignedIn>(await Links.RedeemAsync(token, Origin.Unknown, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no such link")]
    [InlineData("\0")]
    public async Task A_made_up_link_is_unknown(string token) =>
        Assert.Equal(new SignInOutcome.Refused(SignInRefusal.Unknown), await Links.RedeemAsync(token, Origin.Unknown, Cancel));

    [Fact]
    public async Task When_somebody_signed_in_last_is_known_of_either_way_in()
    {
        await Links.RedeemAsync(await Links.CreateAsync(Alice.Id, Cancel), Origin.Unknown, Cancel);
        var first = _clock.GetUtcNow();
        await EnterAsync("1", "bob@example.org");
        _clock.Advance(TimeSpan.FromHours(1));
        await EnterAsync("1", "bob@example.org");

        await using var db = await DbAsync();
        Assert.Equal(
            [("Alice", (DateTimeOffset?)first), ("Bob", first.AddHours(1))],
            (await db.Users.OrderBy(u => u.DisplayName).ToListAsync(Cancel)).Select(u => (u.DisplayName, u.LastSignInAt)));
    }

    [Fact]
    public async Task An_env_that_takes_in_who_is_new_tells_it()
    {
        await ExecuteAsync("UPDATE envs SET auto_add_new_users = true");

        await EnterAsync("1", "bob@example.org");
        await EnterAsync("1", "bob@example.org");

        await using var db = await DbAsync();
        var told = Assert.Single(await db.AuditEvents.Where(e => e.Action == AuditAction.EnvRoleGranted).ToListAsync(Cancel));
        Assert.Equal((Env.Id, AuditActorKind.System, "Bob"), (told.EnvId, told.ActorKind, told.SubjectName));
        Assert.Equal(("demo", "User"), ((string?)told.Detail["env"], (string?)told.Detail["role"]));
    }

    [Fact]
    public async Task Of_two_who_come_first_at_once_with_one_address_one_is_let_in()
    {
        await using var db = await DbAsync();
        await using var other = await db.Database.BeginTransactionAsync(Cancel);
        db.Add(new User { DisplayName = "Bert", Email = "Bob@example.org" });
        await db.SaveChangesAsync(Cancel);

        var entering = EnterAsync("1", "bob@example.org");
        await UntilAsync("EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO users%')");
        await other.CommitAsync(Cancel);

        Assert.Equal(new EntryOutcome.Refused(EntryRefusal.EmailIsAnothers), await entering);
        Assert.Equal(AuditAction.SignInRefused, (await db.AuditEvents.SingleAsync(Cancel)).Action);
    }

    [Fact]
    public async Task What_is_long_over_is_forgotten_and_that_is_told_once()
    {
        var attempts = Services.GetRequiredService<AttemptCounter>();
        var register = Services.GetRequiredService<SessionRegister>();
        var retention = new IdentityRetention(Services.GetRequiredService<IDbContextFactory<PlatzDb>>(), _clock);
        await Links.CreateAsync(Alice.Id, Cancel);
        await AddSessionAsync();
        await attempts.CountAsync("sign-in 192.0.2.1", Cancel);
        Assert.Equal((1, 1, 1), await LeftAsync());

        _clock.Advance(TimeSpan.FromMinutes(11));
        await retention.ForgetAsync(Cancel);
        Assert.Equal((1, 1, 0), await LeftAsync()); // of whatever address

        _clock.Advance(IdentityRetention.Kept + TimeSpan.FromHours(12));
        await AddSessionAsync();
        await retention.ForgetAsync(Cancel);
        Assert.Equal((2, 1, 0), await LeftAsync()); // not before their day is over everywhere
        Assert.Empty(await ToldAsync());

        _clock.Advance(TimeSpan.FromHours(12));
        await retention.ForgetAsync(Cancel);
        await retention.ForgetAsync(Cancel);
        Assert.Equal((1, 1, 0), await LeftAsync()); // the link was good for longer

        _clock.Advance(TimeSpan.FromDays(1));
        await retention.ForgetAsync(Cancel);
        Assert.Equal((1, 0, 0), await LeftAsync());
        Assert.Equal(
            [
                "Platz cleared away 1 session and 0 sign-in links that ended before 2030-01-02T00:00:00Z",
                "Platz cleared away 0 sessions and 1 sign-in link that ended before 2030-01-03T00:00:00Z",
            ],
            await ToldAsync());

        Task<string> AddSessionAsync() => register.AddAsync(
            new NewSession(Alice.Id, _clock.GetUtcNow().AddHours(8), Address: null, UserAgent: null), _ => [1], Cancel);

        async Task<List<string>> ToldAsync()
        {
            await using var db = await DbAsync();
            var told = await db.AuditEvents.Where(e => e.Action == AuditAction.RetentionRan).OrderBy(e => e.Seq).ToListAsync(Cancel);
            return told.ConvertAll(e => $"{AuditWords.Actor(e)} {AuditWords.Of(e).With(e.SubjectName)}");
        }

        async Task<(int Sessions, int Links, int Attempts)> LeftAsync()
        {
            await using var db = await DbAsync();
            return (await db.Sessions.CountAsync(Cancel), await db.SignInLinks.CountAsync(Cancel),
                await db.SignInAttempts.CountAsync(Cancel));
        }
    }

    private Task<EntryOutcome> EnterAsync(string subject, string email) =>
        Services.GetRequiredService<SignIns>().EnterAsync(
            new ProvidedIdentity("https://id.test", subject, "Bob", email, IsAdmin: false), Origin.Unknown, Cancel);

    [Fact]
    public async Task The_database_does_not_know_the_link()
    {
        var token = await Links.CreateAsync(Alice.Id, Cancel);

        await using var command = Source.CreateCommand("SELECT row_to_json(l)::text FROM sign_in_links AS l");
        var row = (string)(await command.ExecuteScalarAsync(Cancel))!;

        Assert.DoesNotContain(token, row);
        Assert.True(token.Length >= 43); // 256 bits
    }
}
