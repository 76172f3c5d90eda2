using System.Text.Json.Nodes;
using Bunit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Tests.Support;
using Platz.Web.Deployments;

namespace Platz.Tests.Web.Deployments;

public sealed class OverviewTests(PostgresServer postgres) : ChartFormTest(postgres)
{
    [Fact]
    public async Task The_config_is_told_by_the_labels_of_the_form()
    {
        var other = await AddSinkAsync("""{"title":"a","replicas":1,"memory":64}""", "other");
        var page = await OpenOverviewAsync(
            $$"""
            {"title":"Shop","replicas":2,"memory":256,"debug":true,"log_level":"trace","tags":["a","b"],"backup":true,
             "backup_at":{"run_days":"1,3","schedule":"23:15"},"neighbours":["{{other.Id}}"],"admin_password":"hunter2"}
            """);

        page.WaitForAssertion(() => Assert.Equal("other", Told(page, "Neighbours")), Patience);
        Assert.Equal("Large", Told(page, "Memory"));
        Assert.Equal("On", Told(page, "Debugging"));
        Assert.Equal("Mon, Wed at 23:15 UTC", Told(page, "Time of the backup"));
        Assert.Equal("ab", Told(page, "Tags"));
        Assert.Equal("(empty)", Told(page, "Database"));
        Assert.Equal("••••••••", Told(page, "Password of the admin"));
        Assert.DoesNotContain("hunter2", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_final_values_say_the_layer_of_each_line_and_no_secret()
    {
        var page = await OpenOverviewAsync(
            """{"title":"Shop","replicas":2,"memory":256,"admin_password":"hunter2"}""",
            new JsonObject { ["app"] = new JsonObject { ["replicas"] = 4 } });

        await PressAsync(page, "Show the final values");

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".final li")), Patience);
        Assert.Equal("Override", Layer(page, "replicas: 4"));
        Assert.Equal("Form", Layer(page, "title: Shop"));
        Assert.Equal("Chart", Layer(page, "podAnnotations: {}"));
        Assert.Contains("instead of 2 (Form)", Line(page, "replicas: 4").TextContent, StringComparison.Ordinal);
        Assert.Contains(page.FindAll(".final .layer"), layer => layer.TextContent == "Platform");
        Assert.DoesNotContain("hunter2", page.Markup, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.FindAll(".layers button")
            .Single(b => b.TextContent.StartsWith("Override", StringComparison.Ordinal)).Click());
        Assert.All(page.FindAll(".final .layer"), layer => Assert.Equal("Override", layer.TextContent));
    }

    [Fact]
    public async Task The_final_values_have_the_address_that_the_runner_tells_and_not_that_of_the_page()
    {
        Page.Services.GetRequiredService<IConfiguration>()["Runner:OwnUrl"] = "https://platz.example.org";
        var page = await OpenOverviewAsync("""{"title":"Shop","replicas":2,"memory":256}""");

        await PressAsync(page, "Show the final values");

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".final li")), Patience);
        var told = page.FindAll(".final code").Select(code => code.TextContent.Trim())
            .Where(line => line.StartsWith("own_url:", StringComparison.Ordinal)).Distinct();
        Assert.Equal("own_url: https://platz.example.org", Assert.Single(told));
    }

    [Fact]
    public async Task Who_may_not_read_the_override_sees_nothing_of_it()
    {
        var page = await OpenOverviewAsync(
            """{"title":"Shop","replicas":2,"memory":256}""",
            new JsonObject { ["app"] = new JsonObject { ["replicas"] = 4 } }, maySeeOverride: false);
        await PressAsync(page, "Show the final values");

        page.WaitForAssertion(() => Assert.Equal("Form", Layer(page, "replicas: 2")), Patience);
        Assert.Empty(page.FindAll("#override"));
    }

    private async Task<IRenderedComponent<Overview>> OpenOverviewAsync(
        string config, JsonObject? overrides = null, bool maySeeOverride = true)
    {
        var id = (await AddSinkAsync(config)).Id;
        if (overrides is not null)
        {
            await Page.Services.GetRequiredService<DeploymentEditor>().UpdateAsync(
                id, new DeploymentEdit { ValuesOverride = overrides }, Alice, Cancel);
        }

        var found = Assert.Single(await Page.Services.GetRequiredService<DeploymentList>()
            .FindAsync(Env.Id, Kind.Id, id.ToString(), Cancel));
        return Page.Render<Overview>(p => p
            .Add(o => o.Place, Place).Add(o => o.Found, found).Add(o => o.MaySeeOverride, maySeeOverride));
    }

    private static string Told(IRenderedComponent<Overview> page, string label) => string.Concat(page.FindAll("dt")
        .Single(dt => dt.TextContent == label).NextElementSibling!.TextContent.Split('\n').Select(line => line.Trim()));

    private static string Layer(IRenderedComponent<Overview> page, string line) =>
        Line(page, line).QuerySelector(".layer")!.TextContent;

    private static AngleSharp.Dom.IElement Line(IRenderedComponent<Overview> page, string line) =>
        page.FindAll(".final li").Single(li => li.QuerySelector("code")!.TextContent.Trim() == line);
}
