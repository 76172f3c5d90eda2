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

    [Fact]
    public async Task What_was_chosen_before_it_was_disabled_stays_chosen_by_its_name()
    {
        var (other, third) = (await AddSinkAsync(Referring(), "other"), await AddSinkAsync(Referring(), "third"));
        var shop = await AddSinkAsync(Referring(other.Id));
        await ExecuteAsync($"UPDATE deployments SET enabled = false WHERE id IN ('{other.Id}', '{third.Id}')");

        var form = await OpenAsync(shop);

        form.WaitForAssertion(() => Assert.Contains("other (disabled) (Web on one)", Offered(form)), Patience);
        Assert.Equal($"{other.Id}", form.Find("[data-input=neighbours] select").GetAttribute("value"));
        Assert.DoesNotContain(Offered(form), text => text.Contains("third", StringComparison.Ordinal));
        Assert.DoesNotContain("No longer there", form.Markup, StringComparison.Ordinal);
        await SaveAsync(form);
    }

    [Fact]
    public async Task The_overview_names_what_is_disabled()
    {
        var other = await AddSinkAsync(Referring(), "other");
        var shop = await AddSinkAsync(Referring(other.Id));
        await ExecuteAsync($"UPDATE deployments SET enabled = false WHERE id = '{other.Id}'");
        var found = Assert.Single(await Page.Services.GetRequiredService<DeploymentList>()
            .FindAsync(Env.Id, Kind.Id, $"{shop.Id}", Cancel));

        var page = Page.Render<Overview>(p => p.Add(o => o.Place, Place).Add(o => o.Found, found));

        page.WaitForAssertion(() => Assert.Equal("other (disabled)", page.Find(".given li").TextContent.Trim()), Patience);
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
