namespace Platz.Tests.Gallery;

/// <summary>All pages, each in the states that look different.</summary>
internal static class GalleryViews
{
    public static IReadOnlyList<GalleryView> Of(GalleryWorld world, GalleryPast past)
    {
        const string env = "/envs/production";
        var payments = $"{env}/deployments/WebService/{world.Payments.Id}";
        var checkout = $"{env}/deployments/WebService/{world.Failing.Id}";
        return
        [
            new("envs", "/envs", ".card"),
            new("env", env, ".card"),
            new("env-empty", "/envs/sandbox-team", "h1"),
            new("deployments", $"{env}/deployments/WebService", "tbody tr"),
            new("deployment-overview", payments, ".panel"),
            new("deployment-error", checkout, ".panel-bad"),
            new("deployment-resources", $"{checkout}/resources", "tbody tr"),
            new("deployment-history", $"{payments}/history", "tr.task"),
            new("log-running", $"/tasks/{past.Running.Id}/log", ".log-rows > [data-seq]"),
            new("log-failed", $"/tasks/{past.Failed.Id}/log?line=4-5", ".log-picked"),
            new("log-search", $"/tasks/{past.Running.Id}/log", ".log-rows > [data-seq]", async page =>
            {
                await page.Locator("input[type=search]").FillAsync("resource");
                await page.Locator("mark.current").WaitForAsync();
            }),
            new("not-found", "/envs/nowhere", ".empty"),
        ];
    }
}
