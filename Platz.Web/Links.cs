using Platz.Core.Insight;

namespace Platz.Web;

/// <summary>The addresses of the pages.</summary>
public static class Links
{
    public const string Envs = "/envs";

    /// <summary>One's own: who one is here, what one may do, and one's tokens.</summary>
    public const string Profile = "/profile";

    /// <summary>The API, operation by operation.</summary>
    public const string ApiDocs = "/docs/api";

    public static string Env(string env) => $"/envs/{Escape(env)}";

    /// <summary>What happens in all envs.</summary>
    public const string AllActivity = "/tasks";

    public static string Activity(string env) => $"{Env(env)}/tasks";

    /// <summary>Which env an address of a page in one names, by name or id; null for other pages.</summary>
    /// <param name="path">Without the slash before it.</param>
    public static string? EnvOf(string path) =>
        path.Split('?', '#')[0].Split('/') is ["envs", { Length: > 0 } env, ..] ? Uri.UnescapeDataString(env) : null;

    public static string Kind(string env, string kind) => $"{Env(env)}/deployments/{Escape(kind)}";

    public static string New(string env, string kind) => $"{Kind(env, kind)}/new";

    public static string Deployment(string env, string kind, Guid id) => $"{Kind(env, kind)}/{id}";

    /// <summary>For who knows no more of it than its id.</summary>
    public static string DeploymentById(Guid id) => $"/deployments/{id}";

    /// <param name="before">The task that the other one is told against.</param>
    public static string Compare(Guid deploymentId, Guid before, Guid after) =>
        $"{DeploymentById(deploymentId)}/compare?a={before}&b={after}";

    /// <inheritdoc cref="Compare(Guid, Guid, Guid)"/>
    public static string Compare(string env, string kind, Guid deploymentId, Guid before, Guid after) =>
        $"{Deployment(env, kind, deploymentId)}/compare?a={before}&b={after}";

    public static string Edit(string env, string kind, Guid id) => $"{Deployment(env, kind, id)}/edit";

    /// <summary>The form with another chart version chosen already.</summary>
    public static string Edit(string env, string kind, Guid id, Guid chart) => $"{Edit(env, kind, id)}?chart={chart}";

    public static string History(string env, string kind, Guid id, int page = 1) =>
        $"{Deployment(env, kind, id)}/history{(page > 1 ? $"?page={page}" : "")}";

    public static string Resources(string env, string kind, Guid id) => $"{Deployment(env, kind, id)}/resources";

    /// <param name="days">Of the period; null for the usual one.</param>
    public static string Insight(string env, int? days = null) => $"{Env(env)}/insight{Period(days)}";

    public static string Insight(string env, string kind, Guid id, int? days = null) =>
        $"{Deployment(env, kind, id)}/insight{Period(days)}";

    public static string Managed(string env, string type) => $"{Env(env)}/resources/{Escape(type)}";

    public static string Managed(string env, string type, Guid id) => $"{Managed(env, type)}/{id}";

    /// <param name="tab">Null for where its pods run.</param>
    public static string Settings(string env, string? tab = null) =>
        tab is null ? $"{Env(env)}/settings" : $"{Env(env)}/settings/{tab}";

    public static string Secrets(string env) => Settings(env, "secrets");

    public static string EnvClusters(string env) => Settings(env, "clusters");

    /// <summary>Who is in an env.</summary>
    public static string Members(string env) => Settings(env, "members");

    /// <summary>Who may do what with the deployments of a kind in an env.</summary>
    public static string Roles(string env) => Settings(env, "roles");

    /// <summary>The settings of the whole site.</summary>
    /// <param name="tab">Null for the envs.</param>
    public static string Site(string? tab = null) => tab is null ? "/settings" : $"/settings/{tab}";

    public static string Cluster(Guid id) => $"{Site("clusters")}/{id}";

    public static string Bot(Guid id) => $"{Site("bots")}/{id}";

    public static string Charts(Guid registryId) => $"{Site("charts")}?registry={registryId}";

    /// <summary>What happens and is no task.</summary>
    /// <param name="env">Null for the whole site.</param>
    public static string Audit(string? env = null) => env is null ? "/audit" : $"{Env(env)}/audit";

    /// <summary>The events of a filter as a file.</summary>
    /// <param name="format"><c>csv</c> or <c>ndjson</c>.</param>
    public static string AuditExport(string format, string query) =>
        $"/audit/export.{format}{(query.Length == 0 ? "" : $"?{query}")}";

    /// <summary>The permalink of a task.</summary>
    public static string Task(Guid taskId) => $"/tasks/{taskId}";

    public static string TaskLog(Guid taskId) => $"{Task(taskId)}/log";

    /// <summary>The log as a file.</summary>
    /// <param name="lines">One line or a range, as in <c>120-130</c>; null for all.</param>
    public static string Log(Guid taskId, string? lines = null, bool plain = false)
    {
        var query = string.Join('&', new[] { lines is null ? null : $"line={lines}", plain ? "plain=true" : null }
            .OfType<string>());
        return $"{Task(taskId)}/log.txt{(query.Length == 0 ? "" : $"?{query}")}";
    }

    /// <summary>The log with this line in view.</summary>
    public static string LogLine(Guid taskId, long seq) => $"/tasks/{taskId}/log?line={seq}";

    /// <summary>The tasks of a filter as a file.</summary>
    /// <param name="format"><c>csv</c> or <c>ndjson</c>.</param>
    /// <param name="env">Null for all.</param>
    /// <param name="query">As in the address of the Activity page.</param>
    public static string Export(string format, string? env, string query)
    {
        var scope = env is null ? "" : $"env={Escape(env)}";
        var parts = string.Join('&', new[] { scope, query }.Where(part => part.Length > 0));
        return $"/tasks/export.{format}{(parts.Length == 0 ? "" : $"?{parts}")}";
    }

    private static string Period(int? days) =>
        days is { } other && other != InsightPeriod.Usual ? $"?days={other}" : "";

    private static string Escape(string name) => Uri.EscapeDataString(name);
}
