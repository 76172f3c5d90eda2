using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Identity;
using Platz.Tests.Support;

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
    public async Task The_database_does_not_know_the_link()
    {
        var token = await Links.CreateAsync(Alice.Id, Cancel);

        await using var command = Source.CreateCommand("SELECT row_to_json(l)::text FROM sign_in_links AS l");
        var row = (string)(await command.ExecuteScalarAsync(Cancel))!;

        Assert.DoesNotContain(token, row);
        Assert.True(token.Length >= 43); // 256 bits
    }
}
