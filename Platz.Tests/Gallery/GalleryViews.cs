using Microsoft.Playwright;

namespace Platz.Tests.Gallery;

/// <summary>All pages, each in the states that look different.</summary>
internal static class GalleryViews
{
    public const string Env = "/envs/production";
    public const string Kind = $"{Env}/deployments/WebService";
    public const string Row = "tr.task";

    /// <summary>Charts have measured their place.</summary>
    private const string Drawn = ".insight-chart svg:not([viewBox='0 0 700 350'])";

    /// <param name="cutDatabase">What the last views are shown without.</param>
    /// <param name="restoreDatabase">And comes back.</param>
    public static IReadOnlyList<GalleryView> Of(
        GalleryWorld world, GalleryPast past, Func<Task> cutDatabase, Func<Task> restoreDatabase) =>
        [
            .. Envs(), .. Deployments(world), .. Tasks(world, past), .. TaskPages(world, past), .. Activity(),
            .. Insight(world), .. Managed(world), .. Settings(world), .. Everywhere(), .. GalleryDialogs.Of(world, past),
            .. Trouble(cutDatabase, restoreDatabase),
        ];

    private static IEnumerable<GalleryView> Envs() =>
    [
        new("envs", "/envs", ".card"),
        new("env", Env, ".card"),
        new("env-empty", "/envs/sandbox-team", "h1"),
        new("deployments", Kind, "tbody tr"),
        new("deployments-none-match", $"{Kind}?q=nothing", ".empty"),
    ];

    private static IEnumerable<GalleryView> Deployments(GalleryWorld world)
    {
        var (payments, checkout) = ($"{Kind}/{world.Payments.Id}", $"{Kind}/{world.Failing.Id}");
        return
        [
            new("deployment-overview", payments, ".panel"),
            new("deployment-error", checkout, ".panel-bad"),
            new("deployment-resources", $"{checkout}/resources", "tbody tr"),
            new("deployment-new", $"{Kind}/new", "main form"),
            new("deployment-edit", $"{payments}/edit", "main form"),
        ];
    }

    private static IEnumerable<GalleryView> Tasks(GalleryWorld world, GalleryPast past)
    {
        var history = $"{Kind}/{world.Payments.Id}/history";
        return
        [
            new("history", history, Row),
            new("history-unfolded", history, Row, page => ClickAsync(page, past.Failed.Id, "Details", ".details")),
            new("history-menu", history, Row, page => ClickAsync(page, past.Failed.Id, "More", "details.menu[open] .menu-body")),
            new("log-running", $"/tasks/{past.Running.Id}/log", ".log-rows > [value]"),
            new("log-failed", $"/tasks/{past.Failed.Id}/log?line=4-5", ".log-picked"),
            new("log-search", $"/tasks/{past.Running.Id}/log", ".log-rows > [value]", async page =>
            {
                await page.Locator("input[type=search]").FillAsync("resource");
                await page.Locator("mark.current").WaitForAsync();
            }),
        ];
    }

    private static IEnumerable<GalleryView> TaskPages(GalleryWorld world, GalleryPast past) =>
    [
        new("task-done", $"/tasks/{past.Upgraded.Id}", ".task-page .log-rows, .task-page .log-nothing"),
        new("task-failed", $"/tasks/{past.Failed.Id}", ".task-page .log-rows > [value]"),
        new("task-running", $"/tasks/{past.Running.Id}", ".task-page .log-rows > [value]"),
        new("compare", $"{Kind}/{world.Payments.Id}/compare?a={past.Failed.Id}&b={past.Upgraded.Id}", ".compared"),
        new("compare-differs", $"{Kind}/{world.Payments.Id}/compare?a={past.Before.Id}&b={past.Upgraded.Id}", ".compared"),
        new("compare-unknown", $"{Kind}/{world.Payments.Id}/compare", ".empty"),
    ];

    private static IEnumerable<GalleryView> Insight(GalleryWorld world) =>
    [
        new("insight", $"{Env}/insight", Drawn),
        new("insight-week", $"{Env}/insight?days=7", Drawn),
        new("insight-empty", "/envs/sandbox-team/insight", ".empty"),
        new("insight-tables", $"{Env}/insight", Drawn, page => page.EvaluateAsync(
            "document.querySelectorAll('.insight-panel details').forEach(d => d.open = true)")),
        new("insight-deployment", $"{Kind}/{world.Payments.Id}/insight?days=90", Drawn),
    ];

    private static IEnumerable<GalleryView> Activity() =>
    [
        new("activity-env", $"{Env}/tasks", Row),
        new("activity-filtered", "/tasks?status=Failed&range=7d&by=bots", Row),
        new("activity-deployments", "/tasks?view=deployments&range=7d", "tbody tr"),
        new("activity-none-match", $"{Env}/tasks?q=nowhere", ".empty"),
        new("activity-choices", "/tasks?status=Failed", Row, async page =>
        {
            await page.Locator("[data-pick=actor] summary").ClickAsync();
            await page.Locator("[data-pick=actor] .pick-item").First.WaitForAsync();
        }),
    ];

    private static IEnumerable<GalleryView> Managed(GalleryWorld world) =>
    [
        new("managed", $"{Env}/resources/database", "tbody tr"),
        new("managed-one", $"{Env}/resources/database/{world.Databases[1].Id}", ".panel"),
    ];

    private static IEnumerable<GalleryView> Settings(GalleryWorld world) =>
    [
        new("env-settings", $"{Env}/settings", "main h1"),
        new("env-secrets", $"{Env}/settings/secrets", "tbody tr"),
        new("env-clusters", $"{Env}/settings/clusters", "tbody tr"),
        new("env-members", $"{Env}/settings/members", "tbody tr"),
        new("env-roles", $"{Env}/settings/roles", "tbody tr"),
        new("site-users", "/settings/users", "tbody tr"),
        new("site-bots", "/settings/bots", "tbody tr"),
        new("site-bot", $"/settings/bots/{world.Ci.Id}", "[data-token]"),
        new("profile", "/profile", ".panel"),
        new("api", "/docs/api?op=allDeploymentTasks", ".api-details"),
        new("api-none-match", "/docs/api?q=nothing-of-it", ".empty"),
        new("site-envs", "/settings", "tbody tr"),
        new("site-clusters", "/settings/clusters", "tbody tr"),
        new("site-cluster", $"/settings/clusters/{world.Clusters[1].Id}", "main form"),
        new("site-registries", "/settings/registries", "tbody tr"),
        new("site-charts", "/settings/charts", "tbody tr"),
        new("site-tag-formats", "/settings/tag-formats", "tbody tr"),
        new("audit", "/audit", "tbody tr"),
        new("audit-none-match", $"{Env}/audit?outcome=Failed", ".empty"),
    ];

    private static IEnumerable<GalleryView> Everywhere() =>
    [
        new("palette", Env, ".card", page => page.Keyboard.PressAsync("Control+k")),
        new("palette-found", Env, ".card", async page =>
        {
            await page.Keyboard.PressAsync("Control+k");
            await page.Locator("[data-palette-input]").FillAsync("failed check");
            await page.Locator("[aria-label=Deployments] [role=option]").First.WaitForAsync();
        }),
        new("keys", Env, ".card", page => page.Keyboard.PressAsync("?")),
        new("not-found", "/envs/nowhere", ".empty"),
        new("not-found-address", "/nowhere/at/all", "main.plain"),
        new("fault", Env, ".card", page => page.EvaluateAsync( // as Blazor does
            "document.getElementById('blazor-error-ui').style.display = 'block'")),
        new("not-signed-in", "/not-signed-in", "main.plain"),
    ];

    /// <summary>Nothing comes after it.</summary>
    private static IEnumerable<GalleryView> Trouble(Func<Task> cutDatabase, Func<Task> restoreDatabase) =>
    [
        new("no-database", Env, ".all-deployments tbody tr", async page =>
        {
            await cutDatabase();
            await page.Locator(".cut").WaitForAsync();
        }),
        new("no-database-page", "/envs", "main h1", async page =>
        {
            await cutDatabase(); // just now: who has a session is asked for it again after half a minute
            await page.ReloadAsync();
            await page.Locator(".empty").WaitForAsync();
        })
        {
            Before = restoreDatabase,
        },
    ];

    private static async Task ClickAsync(IPage page, Guid task, string label, string shows)
    {
        await page.Locator($"tr[data-task='{task}']").GetByLabel(label).First.ClickAsync();
        await page.Locator(shows).First.WaitForAsync();
    }
}
