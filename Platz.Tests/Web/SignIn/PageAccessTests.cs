using System.Net;
using Platz.Tests.Support;

namespace Platz.Tests.Web.SignIn;

public sealed class PageAccessTests(PostgresServer postgres) : WebTest(postgres)
{
    [Fact]
    public async Task Pages_are_for_everybody_who_is_signed_in()
    {
        var cookie = await Server.SignInAsync(await AddUserAsync("bob"), Cancel);
        foreach (var page in new[] { "/", "/envs", "/tasks", "/settings" })
        {
            Assert.Equal((page, HttpStatusCode.OK), (page, await StatusAsync(page, cookie)));
            Assert.Equal((page, HttpStatusCode.Redirect), (page, await StatusAsync(page, "none=")));
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string page, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.Add("Cookie", cookie);
        using var answer = await Anonymous.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
