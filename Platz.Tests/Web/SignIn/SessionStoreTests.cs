using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Audit;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.SignIn;

namespace Platz.Tests.Web.SignIn;

/// <summary>Sessions are kept by the server: what ends one ends it everywhere, at once.</summary>
public sealed class SessionStoreTests(PostgresServer postgres) : WebTest(postgres)
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.Parse("2030-01-01T00:00:00Z");

    private readonly FakeTimeProvider _clock = new(s_start);

    protected override Task<WebServer> StartServerAsync() =>
        WebServer.StartAsync(ConnectionString, Cancel, _clock, KeyFile);

    [Fact]
    public async Task Whoever_signs_in_again_has_another_session_and_the_one_before_is_over()
    {
        var first = await Server.SignInAsync(await UserAsync(), Cancel);
        var token = await Server.Services.GetRequiredService<SignInLinks>().CreateAsync(Alice.Id, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/sign-in/{token}");
        request.Headers.Add("Cookie", first);
        using var answer = await Anonymous.SendAsync(request, Cancel);

        Assert.NotEqual(first, WebServer.Cookies(answer));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(first));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(WebServer.Cookies(answer)));
        await using var db = await DbAsync();
        Assert.Equal(["signed in anew", null], await db.Sessions.OrderBy(s => s.CreatedAt).Select(s => s.EndedBy).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Another_process_knows_at_once_that_a_session_is_over()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        await using var other = await WebServer.StartAsync(ConnectionString, Cancel, _clock, KeyFile);
        using var client = other.Client();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(cookie, client));

        var register = Server.Services.GetRequiredService<SessionRegister>();
        await using (var db = await DbAsync())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            Assert.Equal(1, await register.EndAllAsync(db, Alice.Id, "by an admin", Cancel));
            await transaction.CommitAsync(Cancel);
        }

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(cookie, client));
    }

    [Fact]
    public async Task Sessions_that_a_dump_brings_back_are_over_when_everybody_was_signed_out()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        await Server.Services.GetRequiredService<SessionRegister>().EndEverybodysAsync(Cancel);
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(cookie));

        await ExecuteAsync("UPDATE sessions SET ended_at = NULL, ended_by = NULL");
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(cookie));
        await using var events = await DbAsync();
        var told = await events.AuditEvents.SingleAsync(e => e.Action == AuditAction.EpochChanged, Cancel);
        Assert.Equal("""{"ended":1}""", told.Detail.ToJsonString());
    }

    [Fact]
    public async Task What_the_database_holds_of_a_session_opens_none()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        await using var db = await DbAsync();
        var session = await db.Sessions.SingleAsync(Cancel);
        foreach (var kept in new[] { session.KeyHash, session.Ticket })
        {
            var text = Convert.ToBase64String(kept).Replace('+', '-').Replace('/', '_').TrimEnd('=');
            Assert.DoesNotContain(text, cookie);
            Assert.Equal(HttpStatusCode.Redirect, await StatusAsync($"platz={text}"));
        }

        Assert.DoesNotContain("Alice", System.Text.Encoding.UTF8.GetString(session.Ticket));
    }

    [Fact]
    public async Task A_live_page_is_asked_about_with_the_same_rule()
    {
        var (sessions, session) = (Server.Services.GetRequiredService<Sessions>(), await SessionAsync());
        Assert.True(await sessions.MayGoOnAsync(session, Cancel));
        Assert.Equal(Alice, session.Actor);

        await ExecuteAsync("UPDATE users SET is_active = false");
        _clock.Advance(Sessions.Recheck);
        Assert.False(await sessions.MayGoOnAsync(session, Cancel));
        Assert.False(await sessions.MayGoOnAsync(new ClaimsPrincipal(new ClaimsIdentity()), Cancel));
    }

    [Fact]
    public async Task Work_in_an_open_page_is_use_and_goes_on_for_a_day_at_most()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        using var circuit = Server.Services.CreateScope();
        var live = (LiveSession)circuit.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        var (sessions, session) = (Server.Services.GetRequiredService<Sessions>(), await PrincipalAsync());
        live.SetAuthenticationState(Task.FromResult(new AuthenticationState(session)));
        foreach (var hours in new[] { 6, 12, 18, 23 })
        {
            _clock.SetUtcNow(s_start.AddHours(hours));
            Assert.True(await live.GoesOnAsync(Cancel));
            sessions.Use(session);
            sessions.Use(session);
            await UntilAsync($"(SELECT last_used_at = '{s_start.AddHours(hours):u}' FROM sessions)");
        }

        await using var db = await DbAsync();
        var kept = await db.Sessions.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal((23, 24), ((kept.LastUsedAt - s_start).TotalHours, (kept.EndsAt - s_start).TotalHours));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(cookie)); // the page that is loaded next

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await live.GoesOnAsync(Cancel));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(cookie));
    }

    [Fact]
    public async Task A_page_in_which_nothing_is_done_does_not_prolong_its_session()
    {
        var (sessions, session) = (Server.Services.GetRequiredService<Sessions>(), await SessionAsync());
        _clock.Advance(TimeSpan.FromHours(7));
        Assert.True(await sessions.MayGoOnAsync(session, Cancel));

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.False(await sessions.MayGoOnAsync(session, Cancel));
    }

    [Theory]
    [InlineData("UPDATE users SET is_active = false")]
    [InlineData("UPDATE users SET is_admin = false")]
    [InlineData("end")]
    public async Task A_live_page_learns_of_its_end_without_waiting(string how)
    {
        using var circuit = Server.Services.CreateScope();
        var live = Assert.IsType<LiveSession>(circuit.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
        live.SetAuthenticationState(Task.FromResult(new AuthenticationState(await SessionAsync())));
        var ended = new TaskCompletionSource<AuthenticationState>(TaskCreationOptions.RunContinuationsAsynchronously);
        live.AuthenticationStateChanged += async state => ended.TrySetResult(await state);
        Assert.True(await live.GoesOnAsync(Cancel));

        await (how == "end"
            ? Server.Services.GetRequiredService<SessionRegister>().EndEverybodysAsync(Cancel)
            : ExecuteAsync(how));

        var state = await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel); // its clock stands still: no recheck
        Assert.False(state.User.Identity!.IsAuthenticated);
        Assert.False(await live.GoesOnAsync(Cancel));
    }

    /// <summary>Whoever was there first may come back, as a browser does that has lost its connection.</summary>
    [Fact]
    public async Task A_live_page_is_nobody_elses()
    {
        var bob = await AddUserAsync("bob");
        using var circuit = Server.Services.CreateScope();
        var live = Assert.IsType<LiveSession>(circuit.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
        var alices = await SessionAsync();
        await ConnectAsync(alices);
        Assert.True(await live.GoesOnAsync(Cancel));

        await ConnectAsync(Server.Services.GetRequiredService<Sessions>().Begin(bob));
        Assert.False((await live.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);
        Assert.False(await live.GoesOnAsync(Cancel));

        await ConnectAsync(alices);
        Assert.True(await live.GoesOnAsync(Cancel));

        Task ConnectAsync(ClaimsPrincipal user)
        {
            ((IHostEnvironmentAuthenticationStateProvider)live).SetAuthenticationState(Task.FromResult(new AuthenticationState(user)));
            return live.GetAuthenticationStateAsync();
        }
    }

    /// <summary>Who Alice's browser is for the server.</summary>
    private async Task<ClaimsPrincipal> SessionAsync()
    {
        await Server.SignInAsync(await UserAsync(), Cancel);
        return await PrincipalAsync();
    }

    private async Task<ClaimsPrincipal> PrincipalAsync()
    {
        await using var db = await DbAsync();
        var session = Server.Services.GetRequiredService<Sessions>().Begin(await UserAsync());
        Sessions.Name((ClaimsIdentity)session.Identity!, await db.Sessions.Select(s => s.Id).SingleAsync(Cancel));
        return session;
    }

    private async Task<HttpStatusCode> StatusAsync(string cookie, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tasks");
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var answer = await (client ?? Anonymous).SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
