using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platz.Tests.Support;
using Platz.Web.SignIn;

namespace Platz.Tests.Web.SignIn;

/// <summary>What the session cookie is called, and which cookies are taken for it.</summary>
public sealed class SessionCookieTests(PostgresServer postgres) : WebTest(postgres)
{
    private CookieAuthenticationOptions Options => Server.Services
        .GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(SessionCookie.Scheme);

    /// <summary>A neighbour can set a cookie for the domain of both, but none whose name begins with <c>__Host-</c>.</summary>
    [Fact]
    public void Over_https_a_cookie_of_a_neighbour_is_not_taken_for_ours()
    {
        var request = Context("https");
        request.Request.Headers.Cookie = "platz=neighbour";
        Assert.Null(Options.CookieManager.GetRequestCookie(request, Options.Cookie.Name!));

        request.Request.Headers.Cookie = "platz=neighbour; __Host-platz=ours";
        Assert.Equal("ours", Options.CookieManager.GetRequestCookie(request, Options.Cookie.Name!));
    }

    [Theory]
    [InlineData("https", "__Host-platz=x; path=/; secure; samesite=lax; httponly")]
    [InlineData("http", "platz=x; path=/; samesite=lax; httponly")]
    public void It_is_given_to_this_host_alone_and_to_no_script(string scheme, string expected)
    {
        var context = Context(scheme);
        Options.CookieManager.AppendResponseCookie(context, Options.Cookie.Name!, "x", Options.Cookie.Build(context));

        Assert.Equal(expected, context.Response.Headers.SetCookie.ToString());
    }

    private static DefaultHttpContext Context(string scheme) => new() { Request = { Scheme = scheme } };
}
