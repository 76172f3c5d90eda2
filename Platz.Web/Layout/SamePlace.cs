using Platz.Core.Catalog;
using Platz.Web.Activity;

namespace Platz.Web.Layout;

/// <summary>Where the switch to another env leads: to the same place there, or to that env's home.</summary>
public static class SamePlace
{
    /// <summary>They name what the other env has not.</summary>
    private static readonly string[] s_ofOneEnv =
        [TaskFilterQuery.Cluster, TaskFilterQuery.Deployment, ActivityQuery.PageName];

    /// <param name="address">The one that is shown, without the slash before it.</param>
    public static string In(EnvChoice env, string address)
    {
        var (path, query) = Parts(address);
        return path.Split('/') switch
        {
            ["tasks"] or ["envs", _, "tasks"] => $"{Links.Activity(env.Name)}{Common(query)}",
            ["envs", _, "insight"] => $"{Links.Insight(env.Name)}{query}",
            ["envs", _, "settings", .. var tab] => string.Join('/', [Links.Settings(env.Name), .. tab]),
            ["envs", _, "deployments", { Length: > 0 } kind, ..] => Links.Kind(env.Name, Uri.UnescapeDataString(kind)),
            ["envs", _, "resources", var type, ..] when env.HasType =>
                Links.Managed(env.Name, Uri.UnescapeDataString(type)),
            _ => Links.Env(env.Name),
        };
    }

    /// <summary>The type of managed things that an address is about.</summary>
    public static string? TypeOf(string address) =>
        Parts(address).Path.Split('/') is ["envs", _, "resources", { Length: > 0 } type, ..]
            ? Uri.UnescapeDataString(type)
            : null;

    /// <summary>The task that an address is about.</summary>
    public static Guid? TaskOf(string address) =>
        Parts(address).Path.Split('/') is ["tasks", var id, ..] && Guid.TryParse(id, out var task) ? task : null;

    private static (string Path, string Query) Parts(string address)
    {
        var whole = address.Split('#')[0];
        var query = whole.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? (whole.TrimEnd('/'), "") : (whole[..query].TrimEnd('/'), whole[query..]);
    }

    private static string Common(string query)
    {
        var kept = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => !s_ofOneEnv.Contains(pair.Split('=')[0]));
        return string.Join('&', kept) is { Length: > 0 } rest ? $"?{rest}" : "";
    }
}
