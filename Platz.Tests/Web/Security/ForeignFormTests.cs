using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Security;

/// <summary>Forms that another site makes a visitor's browser send, with the cookies that go along.</summary>
public sealed class ForeignFormTests(PostgresServer postgres) : WebTest(postgres)
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")] // as our own pages send it where Sec-Fetch-Site is not sent: the form's token decides
    [InlineData(null)] // a browser that does not say from where it comes
    public async Task A_form_of_another_site_is_refused_wherever_it_is_sent(string? origin)
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        var routes =
            from route in Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where route.Metadata.GetMetadata<StaticAssetDescriptor>() is null && route.RoutePattern.RawText![0] == '/'
            group route by AddressOf(route.RoutePattern.RawText!);
        foreach (var route in routes)
        {
            var (path, expected) = (route.Key, Refusal(route.Key, origin, route.Any(TakesForms)));
            Assert.Equal((path, expected), (path, await PostAsync(path, origin, cookie)));
        }
    }

    /// <summary>The API knows no cookie, a connection is for our own pages, and a form has a token that one of ours was given.</summary>
    private static HttpStatusCode Refusal(string path, string? origin, bool takesForms) => path switch
    {
        "/api/v2/ws" when origin is not null => HttpStatusCode.Forbidden,
        "/api/v2/auth/google/callback" => HttpStatusCode.NotImplemented,
        _ when path.StartsWith("/api/", StringComparison.Ordinal) =>
            takesForms ? HttpStatusCode.Unauthorized : HttpStatusCode.MethodNotAllowed,
        _ when origin is not (null or "null") || path.StartsWith("/_blazor", StringComparison.Ordinal)
            || path.StartsWith("/hubs/", StringComparison.Ordinal) => HttpStatusCode.Forbidden,
        _ => takesForms ? HttpStatusCode.BadRequest : HttpStatusCode.MethodNotAllowed,
    };

    private static bool TakesForms(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") is not false;

    private static string AddressOf(string pattern) =>
        string.Join('/', pattern.Split('/').Select(part => part.StartsWith('{') ? $"{Guid.Empty}" : part));

    private async Task<HttpStatusCode> PostAsync(string path, string? origin, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent([new("name", "mine")]);
        request.Headers.Add("Cookie", cookie);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await Anonymous.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
