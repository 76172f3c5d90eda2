using static Platz.Tests.Gallery.GalleryViews;

namespace Platz.Tests.Gallery;

/// <summary>What opens over a page: dialogs, menus, and what a form says of itself.</summary>
internal static class GalleryDialogs
{
    private const string Dialog = ".mud-dialog";

    public static IReadOnlyList<GalleryView> Of(GalleryWorld world, GalleryPast past) =>
        [.. OfTasks(past), .. OfDeployments(world), .. OfSettings(), .. Menus(), .. Forms()];

    private static IEnumerable<GalleryView> OfTasks(GalleryPast past) =>
    [
        Of("dialog-cancel", $"/tasks/{past.Running.Id}", ["[data-act=cancel]"]),
        Of("dialog-retry", $"/tasks/{past.Failed.Id}", ["[data-act=retry]"], $"{Dialog} .mud-button-filled:not(:disabled)"),
        Of("dialog-rollback", $"/tasks/{past.Before.Id}", ["[data-act=rollback]"], $"{Dialog} .repeat-changes"),
        Of("dialog-compare", $"/tasks/{past.Upgraded.Id}", ["[data-act=compare]"], $"{Dialog} select"),
        Of("dialog-bulk-cancel", $"{Env}/tasks", ["[data-act=cancel-many]"]),
        Of("dialog-view", $"{Env}/tasks?status=Canceled", ["[data-pick=views] summary", ".view-save button"]),
    ];

    private static IEnumerable<GalleryView> OfDeployments(GalleryWorld world)
    {
        var payments = $"{Kind}/{world.Payments.Id}";
        return
        [
            Of("dialog-description", payments, ["[aria-label='Edit the description']"]),
            Of("dialog-delete", payments, [".actions .btn-danger"]),
            Of("dialog-action", payments, [".head .mud-menu button", "[data-action=reindex]"]),
            Of("menu-actions", payments, [".head .mud-menu button"], "[data-action=reindex]", ".mud-popover-open"),
        ];
    }

    private static IEnumerable<GalleryView> OfSettings() =>
    [
        Of("dialog-secret", $"{Env}/settings/secrets", ["main .btn-primary"]),
        Of("dialog-member", $"{Env}/settings/members", ["main .btn-primary"], $"{Dialog} .found input"),
        Of("dialog-role", $"{Env}/settings/roles", ["main .btn-primary"], $"{Dialog} .found input"),
        Of("dialog-token", "/profile", ["main .btn-primary", "input[value=some]"], $"{Dialog} [type=checkbox]"),
        new("dialog-token-shown", "/profile", "main .btn-primary", async page =>
        {
            await page.Locator("main .btn-primary").First.ClickAsync();
            await page.Locator("#token-name").FillAsync("laptop");
            await page.GetByText("Make the token").ClickAsync();
            await page.Locator("#new-token").WaitForAsync();
        })
        {
            Within = Dialog,
        },
        Of("dialog-env", "/settings", ["main .btn-primary"]),
        Of("dialog-icon", "/settings/registries", ["tbody .btn"]),
        new("dialog-tag-format", "/settings/tag-formats", "main .btn-primary", async page =>
        {
            await page.Locator("main .btn-primary").ClickAsync();
            await page.Locator("#tag-pattern").FillAsync(@"^(?<version>\d+\.\d+\.\d+)(-(?<branch>[a-z]+))?");
            await page.Locator(".tag-fits li").First.WaitForAsync();
        })
        {
            Within = Dialog,
        },
        Of("dialog-managed", $"{Env}/resources/database", ["main .btn-primary"]),
    ];

    private static IEnumerable<GalleryView> Menus() =>
    [
        Of("menu-views", $"{Env}/tasks?status=Failed", ["[data-pick=views] summary"], ".view", ".pick[open]"),
        Of("menu-envs", $"{Env}/tasks", [".env-switcher summary"], ".env-counts", ".top"),
        Of("menu-theme", Env, ["[aria-label=Theme]"], "details[open] .menu-body", ".top"),
        Of("menu-times", Env, ["[aria-label='How times are shown']"], "details[open] .menu-body", ".top"),
        Of("menu-account", Env, [".user-menu summary"], ".user-menu-body", ".top"),
    ];

    private static IEnumerable<GalleryView> Forms() =>
    [
        Of("form-refused", $"{Kind}/new", ["main form [type=submit]"], ".field-error:not(:empty)", "main"),
        new("form-restored", $"{Kind}/new", "#name", async page =>
        {
            await page.Locator("#name").FillAsync("half-typed");
            await page.Locator("#description").FillAsync("What it is for");
            await page.WaitForFunctionAsync("() => Object.values(sessionStorage).some(kept => kept.includes('half-typed'))");
            await page.ReloadAsync();
            await page.Locator("[data-restored]").WaitForAsync();
        }),
    ];

    /// <param name="clicks">One after the other, each once it is there.</param>
    private static GalleryView Of(
        string name, string path, string[] clicks, string shows = Dialog, string within = Dialog) =>
        new(name, path, clicks[0], async page =>
        {
            foreach (var selector in clicks)
            {
                await page.Locator(selector).First.ClickAsync();
            }

            await page.Locator(shows).First.WaitForAsync();
        })
        {
            Within = within,
        };
}
