using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.SignIn;

namespace Platz.Tests.Web.SignIn;

public sealed class SessionTests(PostgresServer postgres) : WebTest(postgres)
{
    private static readonly (HttpStatusCode, bool) s_refused = (HttpStatusCode.BadRequest, false);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2030-01-01T00:00:00Z"));

    private SignInLinks Links => Server.Services.GetRequiredService<SignInLinks>();

    protected override Task<WebServer> StartServerAsync() =>
        WebServer.StartAsync(ConnectionString, Cancel, _clock, level: Microsoft.Extensions.Logging.LogLevel.Trace);

    [Fact]
    public async Task A_link_signs_in_once_and_leads_home()
    {
        var link = $"/sign-in/{await Links.CreateAsync(Alice.Id, Cancel)}";

        using var first = await Anonymous.GetAsync(link, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.Equal("/", first.Headers.Location?.ToString());
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("platz=", cookie);
        Assert.Contains("; path=/; samesite=lax; httponly", cookie);
        Assert.DoesNotContain("secure", cookie);

        Assert.Equal("/not-signed-in?reason=link-used", await LocationAsync(link));
        Assert.Equal("/", await LocationAsync(link, WebServer.Cookies(first))); // the browser that it signed in
        Assert.True(await IsSignedInAsync(WebServer.Cookies(first)));
    }

    [Theory]
    [InlineData("/envs?page=2#top", "/envs?page=2#top")]
    [InlineData("/envs/é?q=ü 😀", "/envs/%C3%A9?q=%C3%BC %F0%9F%98%80")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("envs", "/")]
    [InlineData("", "/")]
    public async Task Only_a_page_of_ours_is_returned_to(string returnUrl, string expected)
    {
        var link = $"/sign-in/{await Links.CreateAsync(Alice.Id, Cancel)}?returnUrl={Uri.EscapeDataString(returnUrl)}";

        Assert.Equal(expected, await LocationAsync(link));
    }

    [Fact]
    public async Task A_refused_link_leads_to_a_page_that_says_why()
    {
        var old = await Links.CreateAsync(Alice.Id, Cancel);
        _clock.Advance(SignInLinks.Lifetime);
        Assert.Equal("/not-signed-in?reason=link-expired", await LocationAsync($"/sign-in/{old}"));
        Assert.Equal("/not-signed-in?reason=link-unknown", await LocationAsync("/sign-in/made-up"));
        var link = await Links.CreateAsync(Alice.Id, Cancel);
        await ExecuteAsync("UPDATE users SET is_active = false");
        Assert.Equal("/not-signed-in?reason=deactivated", await LocationAsync($"/sign-in/{link}"));

        using var page = await Anonymous.GetAsync("/not-signed-in?reason=link-used", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("has been used", await page.Content.ReadAsStringAsync(Cancel));
        using var made = await Anonymous.GetAsync("/not-signed-in?reason=<script>", Cancel);
        Assert.DoesNotContain("<script>", await made.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_session_slides_for_hours_and_ends_after_a_day()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        for (var hours = 7; hours < 24; hours += 7)
        {
            _clock.Advance(TimeSpan.FromHours(7));
            using var answer = await PageAsync(cookie);
            Assert.True(answer.Headers.Contains("Set-Cookie"), $"not renewed after {hours} h");
            cookie = WebServer.Cookies(answer);
            Assert.True(await IsSignedInAsync(cookie));
        }

        _clock.Advance(TimeSpan.FromHours(3));
        Assert.False(await IsSignedInAsync(cookie));
    }

    [Fact]
    public async Task A_session_that_rests_too_long_is_over()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);

        _clock.Advance(Sessions.Idle + TimeSpan.FromSeconds(1));

        Assert.False(await IsSignedInAsync(cookie));
    }

    [Theory]
    [InlineData("UPDATE users SET is_active = false")]
    [InlineData("UPDATE users SET is_admin = false")]
    public async Task A_user_who_lost_the_right_to_it_loses_the_session_within_half_a_minute(string sql)
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        Assert.True(await IsSignedInAsync(cookie));

        await ExecuteAsync(sql);

        _clock.Advance(Sessions.Recheck);
        Assert.False(await IsSignedInAsync(cookie));
    }

    [Theory]
    [InlineData("platz=")]
    [InlineData("platz=CfDJ8garbage")]
    [InlineData("platz=chunks-9")]
    public async Task A_made_up_cookie_is_nobodys(string cookie) => Assert.False(await IsSignedInAsync(cookie));

    [Fact]
    public async Task An_edited_cookie_or_one_of_another_server_is_nobodys()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        Assert.False(await IsSignedInAsync(cookie[..^2] + (cookie[^2] == 'A' ? 'B' : 'A') + cookie[^1]));
        Assert.False(await IsSignedInAsync(cookie.Replace("platz=", "__Host-platz=", StringComparison.Ordinal)));

        await ExecuteAsync("DELETE FROM data_protection_keys");
        await ExecuteAsync("DELETE FROM settings"); // another key file, another pepper
        await using var other = await WebServer.StartAsync(ConnectionString, Cancel, _clock);
        using var client = other.Client();
        Assert.False(await IsSignedInAsync(cookie, client));
    }

    [Fact]
    public async Task Web_processes_share_sessions()
    {
        using var folder = new TempFolder();
        await ExecuteAsync("DELETE FROM data_protection_keys");
        await ExecuteAsync("DELETE FROM settings");
        await using var one = await WebServer.StartAsync(ConnectionString, Cancel, _clock, folder.File("keys"));
        var cookie = await one.SignInAsync(await UserAsync(), Cancel);
        await using var two = await WebServer.StartAsync(ConnectionString, Cancel, _clock, folder.File("keys"));
        using var client = two.Client();

        Assert.True(await IsSignedInAsync(cookie, client));
    }

    [Fact]
    public async Task Signing_out_needs_a_form_of_ours()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);

        Assert.False((await SignOutAsync(HttpMethod.Get, cookie, formToken: null)).Forgets); // as an image tag would
        Assert.Equal(s_refused, await SignOutAsync(HttpMethod.Post, cookie, formToken: null));
        Assert.Equal(s_refused, await SignOutAsync(HttpMethod.Post, cookie, "made-up"));

        var forms = FormTokens(await UserAsync());
        Assert.Equal(s_refused, await SignOutAsync(HttpMethod.Post, cookie, forms.RequestToken));
        Assert.Equal((HttpStatusCode.Redirect, true), await SignOutAsync(
            HttpMethod.Post, $"{cookie}; platz-antiforgery={forms.CookieToken}", forms.RequestToken));
    }

    [Fact]
    public async Task No_token_is_ever_logged_and_no_link_from_information_on()
    {
        var link = await Links.CreateAsync(Alice.Id, Cancel);
        var token = Api.DefaultRequestHeaders.GetValues("x-platz-token").Single();

        using var signIn = await Anonymous.GetAsync($"/sign-in/{link}", Cancel);
        using var list = await Api.GetAsync("/api/v2/envs", Cancel);

        Assert.DoesNotContain(Server.Log.Lines, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(Server.Log.Lines, line => line.Contains(link, StringComparison.Ordinal)
            && !line.StartsWith("Debug", StringComparison.Ordinal) && !line.StartsWith("Trace", StringComparison.Ordinal));
    }

    private AntiforgeryTokenSet FormTokens(User user)
    {
        using var scope = Server.Services.CreateScope();
        var context = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            User = Server.Services.GetRequiredService<Sessions>().Begin(user),
        };
        return Server.Services.GetRequiredService<IAntiforgery>().GetTokens(context);
    }

    /// <returns>Whether the browser is told to forget its session, too.</returns>
    private async Task<(HttpStatusCode Status, bool Forgets)> SignOutAsync(HttpMethod method, string cookie, string? formToken)
    {
        using var request = new HttpRequestMessage(method, "/sign-out");
        request.Headers.Add("Cookie", cookie);
        if (method == HttpMethod.Post)
        {
            request.Content = new FormUrlEncodedContent(
                formToken is null ? [] : [new("__RequestVerificationToken", formToken)]);
        }

        using var response = await Anonymous.SendAsync(request, Cancel);
        var forgets = response.Headers.TryGetValues("Set-Cookie", out var cookies)
            && cookies.Any(c => c.StartsWith("platz=;", StringComparison.Ordinal));
        return (response.StatusCode, forgets);
    }

    private async Task<bool> IsSignedInAsync(string cookie, HttpClient? client = null)
    {
        using var answer = await PageAsync(cookie, client);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private async Task<HttpResponseMessage> PageAsync(string cookie, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tasks");
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return await (client ?? Anonymous).SendAsync(request, Cancel);
    }

    private async Task<string?> LocationAsync(string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Cookie", cookie ?? "");
        using var response = await Anonymous.SendAsync(request, Cancel);
        return response.Headers.Location?.ToString();
    }
}
