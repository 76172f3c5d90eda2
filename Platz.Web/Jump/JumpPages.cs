using MudBlazor;
using Platz.Core.Jump;

namespace Platz.Web.Jump;

/// <summary>The pages that somebody can reach, with the words that they answer to besides their own.</summary>
internal static class JumpPages
{
    public static IEnumerable<JumpTarget> Of(JumpPlaces places, JumpWords words, string? env)
    {
        var typed = words.All.Count > 0;
        var envs = places.Envs.Where(e => typed || e.Name == env).OrderBy(e => e.Name != env).ToList();
        IEnumerable<(JumpTarget Page, string Also)> all =
        [
            .. envs.SelectMany(e => OfEnv(e.Name, typed)),
            (new("Activity", "all envs", Links.AllActivity, Icons.Material.Filled.Timeline), "tasks"),
            (new("Envs", "all envs", Links.Envs, Icons.Material.Filled.Dns), ""),
            .. typed ? s_ofAll : s_nothing,
            .. places.MayEditSite ? OfSite(typed) : [],
            .. typed ? envs.SelectMany(e => OfKinds(e, places)) : [],
            .. envs.SelectMany(e => places.Types[e.Id].Select(type =>
                (Page(type.NamePlural, e.Name, Links.Managed(e.Name, type.Slug), Icons.Material.Filled.Widgets), type.Kind))),
            .. places.Clusters.Select(cluster => (Page(
                cluster.Name, "cluster · settings of the site", Links.Cluster(cluster.Id), Icons.Material.Filled.Hub), "")),
        ];
        return all.Where(p => words.AreIn($"{p.Page.Text} {p.Page.Detail} {p.Also}")).Select(p => p.Page);
    }

    private static readonly (JumpTarget, string)[] s_nothing = [];

    private static readonly (JumpTarget, string)[] s_ofAll =
    [
        (new("Profile", "yours", Links.Profile, Icons.Material.Filled.AccountCircle), "tokens account roles"),
        (new("API", "operation by operation", Links.ApiDocs, Icons.Material.Filled.Api), "documentation openapi curl"),
    ];

    /// <param name="all">Else those that are opened most.</param>
    private static IEnumerable<(JumpTarget, string)> OfEnv(string env, bool all) =>
    [
        (Page("Deployments", env, Links.Env(env), Icons.Material.Filled.GridView), "env"),
        (Page("Activity", env, Links.Activity(env), Icons.Material.Filled.Timeline), "env tasks"),
        (Page("Insight", env, Links.Insight(env), Icons.Material.Filled.Insights), "env charts figures"),
        (Page("Secrets", env, Links.Secrets(env), Icons.Material.Filled.Key), "env settings"),
        (Page("Clusters", env, Links.EnvClusters(env), Icons.Material.Filled.Hub), "env settings"),
        .. all ? OfMembers(env) : s_nothing,
        (Page("Settings", env, Links.Settings(env), Icons.Material.Filled.Settings), "env scheduling"),
    ];

    private static (JumpTarget, string)[] OfMembers(string env) =>
    [
        (Page("Members", env, Links.Members(env), Icons.Material.Filled.Group), "env settings people users bots"),
        (Page("Roles", env, Links.Roles(env), Icons.Material.Filled.AdminPanelSettings),
            "env settings permissions owner maintainer"),
    ];

    private static IEnumerable<(JumpTarget, string)> OfKinds(JumpPlace env, JumpPlaces places) =>
        places.Kinds.SelectMany(kind => new[]
        {
            (Page(kind.Name, $"deployments in {env.Name}", Links.Kind(env.Name, kind.Name), Icons.Material.Filled.Category),
                "kind"),
        }.Concat(!places.MayCreate(env, kind) ? [] : new[]
        {
            (Page($"New {kind.Name}", $"deployment in {env.Name}", Links.New(env.Name, kind.Name), Icons.Material.Filled.Add),
                "create add"),
        }));

    /// <param name="all">Else the one that leads to the others.</param>
    private static IEnumerable<(JumpTarget, string)> OfSite(bool all)
    {
        const string Where = "settings of the site";
        yield return (Page(all ? "Envs" : "Settings", all ? Where : "the site", Links.Site(), Icons.Material.Filled.Tune), "admin");
        if (all)
        {
            yield return (Page("Clusters", Where, Links.Site("clusters"), Icons.Material.Filled.Hub), "admin");
            yield return (Page("Registries", Where, Links.Site("registries"), Icons.Material.Filled.Inventory2), "admin");
            yield return (Page("Charts", Where, Links.Site("charts"), Icons.Material.Filled.ViewInAr), "admin versions");
            yield return (
                Page("Tag formats", Where, Links.Site("tag-formats"), Icons.Material.Filled.Sell), "admin versions patterns");
            yield return (Page("Users", Where, Links.Site("users"), Icons.Material.Filled.Group), "admin people");
            yield return (Page("Bots", Where, Links.Site("bots"), Icons.Material.Filled.SmartToy), "admin people tokens");
            yield return (Page("Audit trail", "the site", Links.Audit(), Icons.Material.Filled.Policy), "admin events history who");
        }
    }

    private static JumpTarget Page(string text, string detail, string address, string glyph) =>
        new(text, detail, address, glyph);
}
