using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class OpenApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/openapi/v2.json";

    [Fact]
    public async Task The_document_describes_the_routes_there_are_and_no_others()
    {
        var document = await GetAsync(Path);

        var described = document["paths"]!.AsObject().SelectMany(
            path => path.Value!.AsObject().Select(method => $"{method.Key} {path.Key}"));
        var mapped = Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v2/", StringComparison.Ordinal))
            .Select(e => $"{e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0].ToLowerInvariant()} "
                + e.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal));
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own()
    {
        var document = await GetAsync(Path);

        Assert.StartsWith("3.1.", Text(document, "openapi"), StringComparison.Ordinal);
        var schemas = document["components"]!["schemas"]!.AsObject();
        Assert.All(References(document), name => Assert.True(schemas.ContainsKey(name), name));
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(o => o.Value!).ToList();
        Assert.Equal(operations.Count, operations.Select(o => Text(o, "operationId")).Distinct().Count());
        Assert.All(operations, operation => Assert.NotEmpty(Text(operation, "summary")));
        Assert.True(document["paths"]!["/api/v2/deployment-tasks/{id}/retry"]!["post"]!["x-platz-addition"]!.GetValue<bool>());
    }

    [Fact]
    public async Task It_is_read_with_a_token_or_a_session_and_by_nobody_else()
    {
        await AnswerAsync(Anonymous.GetAsync(Path, Cancel), HttpStatusCode.Unauthorized);
        using var stranger = await Server.ApiClientAsync(await AddUserAsync("stranger"), Cancel);
        await AnswerAsync(stranger.GetAsync(Path, Cancel), HttpStatusCode.OK);
        using var inBrowser = new HttpRequestMessage(HttpMethod.Get, Path);
        inBrowser.Headers.Add("Cookie", await Server.SignInAsync(await UserAsync(), Cancel));
        await AnswerAsync(Anonymous.SendAsync(inBrowser, Cancel), HttpStatusCode.OK);

        using var first = await Api.GetAsync(Path, Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, Path);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var same = await Api.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(field => field is { Key: "$ref", Value: JsonValue reference }
            ? [reference.GetValue<string>().Split('/')[^1]]
            : References(field.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
