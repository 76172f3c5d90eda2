using System.Text.Json.Nodes;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Tests.Support;
using Platz.Web.Deployments;

namespace Platz.Tests.Web.Deployments;

/// <summary>Which deployments the form of one offers.</summary>
public sealed class ReferenceChoicesTests(PostgresServer postgres) : ChartFormTest(postgres)
{
    private const string Itself = "A deployment cannot refer to itself; choose another.";

    [Fact]
    public async Task A_deployment_is_not_offered_to_itself()
    {
        var other = await AddSinkAsync(Referring(), "other");
        var form = await OpenAsync(await AddSinkAsync(Referring(other.Id)));

        form.WaitForAssertion(() => Assert.Contains("other (Web on one)", Offered(form)), Patience);
        Assert.DoesNotContain("shop (Web on one)", Offered(form));
    }

    [Fact]
    public async Task A_deployment_that_refers_to_itself_is_refused_at_the_input()
    {
        var other = await AddSinkAsync(Referring(), "other");
        var shop = await AddSinkAsync(Referring(other.Id));
        var edit = new DeploymentEdit { Config = JsonNode.Parse(Referring(other.Id, shop.Id))!.AsObject() };

        var result = await Page.Services.GetRequiredService<DeploymentEditor>().UpdateAsync(shop.Id, edit, Alice, Cancel);

        var error = Assert.Single(Assert.IsType<SaveResult.Invalid>(result).Errors);
        Assert.Equal(("config.neighbours", Itself), (error.Field, error.Message));
    }

    private static string Referring(params Guid[] neighbours) => new JsonObject
    {
        ["title"] = "Shop",
        ["replicas"] = 1,
        ["memory"] = 64,
        ["neighbours"] = new JsonArray([.. neighbours.Select(id => (JsonNode)$"{id}")]),
    }.ToJsonString();

    private static IEnumerable<string> Offered(IRenderedComponent<DeploymentForm> form) =>
        form.FindAll("[data-input=neighbours] option").Select(option => option.TextContent);
}
