using MudBlazor;
using Platz.Core.Jump;

namespace Platz.Web.Jump;

/// <summary>Makes lines of what was found, and adds the pages that answer to the same words.</summary>
public static class JumpTargets
{
    private const int MostPages = 8;

    /// <param name="env">The env one is in: its pages come first, and alone while nothing is typed.</param>
    public static IReadOnlyList<JumpGroup> Of(JumpResults found, string text, string? env)
    {
        var words = JumpWords.Of(text);
        JumpGroup[] groups =
        [
            new("Tasks", [.. found.Tasks.Select(Target)]),
            new("Deployments", [.. found.Deployments.Select(Target)]),
            new("Pages", [.. Pages(found, words, env).Take(MostPages)]),
        ];
        return [.. groups.Where(group => group.Targets.Count > 0)];
    }

    private static JumpTarget Target(JumpDeployment found) => new(
        Named(found.Name, found.Namespace), $"{found.Kind} · {found.Env} · {found.Cluster} / {found.Namespace}",
        Links.Deployment(found.Env, found.Kind, found.Id), Icons.Material.Filled.RocketLaunch);

    private static JumpTarget Target(JumpTask found) => new(
        $"{found.OpKind} of {Named(found.DeploymentName, found.Namespace)}", $"{found.Status} · {found.Env}",
        Links.Task(found.Id), Icons.Material.Filled.History)
    {
        Time = found.CreatedAt,
    };

    private static IEnumerable<JumpTarget> Pages(JumpResults found, JumpWords words, string? env)
    {
        var typed = words.All.Count > 0;
        var envs = found.Envs.Where(name => typed || name == env).OrderBy(name => name != env).ToList();
        IEnumerable<(JumpTarget Page, string Also)> all =
        [
            .. envs.SelectMany(OfEnv),
            (new("Activity", "all envs", Links.AllActivity, Icons.Material.Filled.Timeline), "tasks"),
            (new("Envs", "all envs", Links.Envs, Icons.Material.Filled.Dns), ""),
            .. typed ? envs.SelectMany(name => found.Kinds.Select(kind => OfKind(name, kind))) : [],
        ];
        return all.Where(p => words.AreIn($"{p.Page.Text} {p.Page.Detail} {p.Also}")).Select(p => p.Page);
    }

    private static IEnumerable<(JumpTarget, string)> OfEnv(string env) =>
    [
        (new("Deployments", env, Links.Env(env), Icons.Material.Filled.GridView), "env"),
        (new("Activity", env, Links.Activity(env), Icons.Material.Filled.Timeline), "env tasks"),
        (new("Insight", env, Links.Insight(env), Icons.Material.Filled.Insights), "env charts figures"),
        (new("Secrets", env, Links.Secrets(env), Icons.Material.Filled.Key), "env settings"),
        (new("Settings", env, Links.Settings(env), Icons.Material.Filled.Settings), "env scheduling"),
    ];

    private static (JumpTarget, string) OfKind(string env, string kind) =>
        (new(kind, $"deployments in {env}", Links.Kind(env, kind), Icons.Material.Filled.Category), "kind");

    private static string Named(string name, string space) => name.Length > 0 ? name : space;
}
