using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Web.Events;

/// <summary>Of which rows somebody may hear: of those that they may read.</summary>
internal static class EventScope
{
    private static readonly HashSet<string> s_ofEnvs =
    [
        "deployments", "deployment_tasks", "deployment_resources", "deployment_resource_types", "k8s_resources",
        "k8s_clusters", "secrets", "envs", "env_user_permissions", "deployment_permissions",
    ];

    private static readonly HashSet<string> s_ofAll =
        ["deployment_kinds", "helm_registries", "helm_charts", "helm_tag_formats"];

    private static readonly HashSet<string> s_ofTheSite = ["users", "bots", "settings"];

    /// <summary>Whatever changes in these may change what somebody sees.</summary>
    private static readonly HashSet<string> s_rights =
    [
        "users", "bots", "env_user_permissions", "deployment_permissions", "api_tokens", "sessions", "envs", "k8s_clusters",
    ];

    /// <summary>Whether there are events of a table.</summary>
    public static bool Has(string table) => s_ofEnvs.Contains(table) || s_ofAll.Contains(table) || s_ofTheSite.Contains(table);

    public static bool IsAboutRights(string table) => s_rights.Contains(table);

    /// <summary>Whether somebody may see more or less from now on: people sign in and tokens are made all day.</summary>
    /// <param name="own">The rows that say who they are, see <see cref="ConnectionRights.IdsOf"/>.</param>
    public static bool IsAboutRights(Change change, IReadOnlySet<Guid> own) => change.Table switch
    {
        "users" or "bots" or "sessions" or "api_tokens" => change.Rows?.Any(row => own.Contains(row.Id)) ?? true,
        var table => IsAboutRights(table),
    };

    /// <param name="env">Of the row; null where it is in none.</param>
    public static bool Sees(this Grants grants, string table, Guid? env) => table switch
    {
        _ when grants.SiteAdmin => true,
        "deployment_resource_types" when env is null => grants.Visible!.Count > 0, // one for all envs
        "env_user_permissions" or "deployment_permissions" =>
            env is { } its && grants.In(its, kindId: null).Allows(Permission.ReadMembers),
        _ when s_ofEnvs.Contains(table) => env is { } id && grants.Visible!.Contains(id),
        _ when s_ofAll.Contains(table) => grants.Visible!.Count > 0,
        _ => false,
    };
}
