using static Platz.Tests.Web.Access.Rule;

namespace Platz.Tests.Web.Access;

/// <param name="Template">Of the page's route.</param>
/// <param name="There">An address whose parts are there.</param>
/// <param name="Unknown">Addresses that name something that is not.</param>
public sealed record PageRow(string Template, Rule Needs, string There, params string[] Unknown);

/// <summary>Every page, and what it needs to be shown.</summary>
internal static class PageTable
{
    /// <summary>Shown for what is not there.</summary>
    public const string NotFound = "/not-found";

    public static PageRow[] Of(World w)
    {
        var (nobody, kind) = (Guid.NewGuid(), "envs/demo/deployments/Web");
        var (one, type) = ($"{kind}/{w.Shop.Id}", "envs/demo/resources/database");
        var two = $"?a={w.Done}&b={w.Done}";
        return
        [
            new("/", Known, ""),
            new("/envs", Known, "envs"),
            new("/tasks", Known, "tasks"),
            new("/profile", Known, "profile"),
            new("/docs/api", Known, "docs/api"),
            new(NotFound, Known, "not-found", "not-found", "nowhere/at/all"),
            new("/envs/{Env}", See, "envs/demo", "envs/nowhere"),
            new("/envs/{Env}/deployments", See, "envs/demo/deployments", "envs/nowhere/deployments"),
            new("/envs/{Env}/tasks", See, "envs/demo/tasks", "envs/nowhere/tasks"),
            new("/envs/{Env}/insight", See, "envs/demo/insight", "envs/nowhere/insight"),
            new("/audit", Site, "audit"),
            new("/envs/{Env}/audit", Admin, "envs/demo/audit", "envs/nowhere/audit"),
            new("/envs/{Env}/settings", See, "envs/demo/settings", "envs/nowhere/settings"),
            new("/envs/{Env}/settings/{Tab}", See,
                "envs/demo/settings/secrets", "envs/nowhere/settings/secrets", "envs/demo/settings/none"),
            new("/envs/{Env}/resources/{Type}", See, type, "envs/nowhere/resources/database", "envs/demo/resources/none"),
            new("/envs/{Env}/resources/{Type}/{Id}", See, $"{type}/{w.Database}", $"{type}/{nobody}", $"{type}/none"),
            new("/envs/{Env}/deployments/{Kind}", See,
                kind, "envs/nowhere/deployments/Web", "envs/demo/deployments/None"),
            new("/envs/{Env}/deployments/{Kind}/new", Own, $"{kind}/new", "envs/demo/deployments/None/new"),
            new("/envs/{Env}/deployments/{Kind}/{Id}", See, one, $"{kind}/{nobody}", $"{kind}/none"),
            new("/envs/{Env}/deployments/{Kind}/{Id}/{Tab}", See,
                $"{one}/history", $"{kind}/{nobody}/history", $"{one}/none"),
            new("/envs/{Env}/deployments/{Kind}/{Id}/edit", Maintain, $"{one}/edit", $"{kind}/{nobody}/edit"),
            new("/envs/{Env}/deployments/{Kind}/{Id:guid}/compare", See,
                $"{one}/compare{two}", $"{one}/compare", $"{kind}/{nobody}/compare{two}"),
            new("/deployments/{Id:guid}", See, $"deployments/{w.Shop.Id}", $"deployments/{nobody}", "deployments/none"),
            new("/deployments/{Id:guid}/compare", See,
                $"deployments/{w.Shop.Id}/compare{two}", $"deployments/{nobody}/compare{two}"),
            new("/tasks/{Id:guid}", See, $"tasks/{w.Done}", $"tasks/{nobody}", "tasks/none"),
            new("/tasks/{Id:guid}/log", See, $"tasks/{w.Done}/log", $"tasks/{nobody}/log"),
            new("/settings", Site, "settings"),
            new("/settings/{Tab}", Site, "settings/clusters", "settings/none"),
            new("/settings/bots/{Id:guid}", Site, $"settings/bots/{w.Helper.Id}", $"settings/bots/{nobody}"),
            new("/settings/clusters/{Id:guid}", Site,
                $"settings/clusters/{w.Cluster.Id}", $"settings/clusters/{nobody}"),
        ];
    }
}
