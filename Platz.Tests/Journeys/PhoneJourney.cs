using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>Pages as narrow as a phone.</summary>
public sealed class PhoneJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task The_commands_of_a_deployment_stand_in_rows_as_wide_as_the_page()
    {
        var chart = NewChart("2.0.0");
        SampleSchema.Into(chart, "kitchen-sink", "1.0.0");
        var deployment = await AddDeploymentAsync();
        await using (var db = await DbAsync())
        {
            db.Add(chart);
            await db.SaveChangesAsync(Cancel);
            await db.Deployments.ExecuteUpdateAsync(set => set
                .SetProperty(d => d.HelmChartId, chart.Id).SetProperty(d => d.Status, DeploymentStatus.Running), Cancel);
        }

        var page = await OpenAsync("/envs");
        await page.SetViewportSizeAsync(400, 800);
        await page.GotoAsync($"{Server.Url}envs/demo/deployments/Web/{deployment.Id}");
        var commands = page.Locator(".head button, .head a.btn");
        await Expect(commands).ToHaveCountAsync(5); // Actions, Edit, Redeploy, Disable, Delete

        var boxes = await Task.WhenAll((await commands.AllAsync()).Select(command => command.BoundingBoxAsync()));
        var head = await page.Locator(".head").BoundingBoxAsync();

        Assert.All(boxes, box => Assert.Equal(boxes[0]!.Height, box!.Height, tolerance: 1f));
        Assert.All(
            boxes.GroupBy(box => MathF.Round(box!.Y)),
            row => Assert.Equal(head!.X + head.Width, row.Max(box => box!.X + box.Width), tolerance: 1f));
        Assert.Empty(Problems);
    }
}
