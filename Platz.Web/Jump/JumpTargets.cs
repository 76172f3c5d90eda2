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
        var pages = new JumpGroup("Pages", [.. JumpPages.Of(found.Places, words, env).Take(MostPages)]);
        JumpGroup[] groups =
        [
            new("Tasks", [.. found.Tasks.Select(Target)]),
            new("Deployments", [.. found.Deployments.Select(deployment => Target(deployment, words.Part))]),
        ];
        return
        [
            .. new[] { pages }.Where(_ => words.Part is not null) // an env has such a part too
                .Concat(groups).Concat(new[] { pages }.Where(_ => words.Part is null))
                .Where(group => group.Targets.Count > 0),
        ];
    }

    private static JumpTarget Target(JumpDeployment found, string? part) => new(
        Named(found.Name, found.Namespace),
        $"{Before(part)}{found.Kind} · {found.Env} · {found.Cluster} / {found.Namespace}",
        part switch
        {
            "history" => Links.History(found.Env, found.Kind, found.Id),
            "resources" => Links.Resources(found.Env, found.Kind, found.Id),
            "insight" => Links.Insight(found.Env, found.Kind, found.Id),
            _ => Links.Deployment(found.Env, found.Kind, found.Id),
        },
        Icons.Material.Filled.RocketLaunch);

    private static JumpTarget Target(JumpTask found) => new(
        $"{found.OpKind} of {Named(found.DeploymentName, found.Namespace)}", $"{found.Status} · {found.Env}",
        Links.Task(found.Id), Icons.Material.Filled.History)
    {
        Time = found.CreatedAt,
    };

    private static string Before(string? part) => part is null ? "" : $"its {part} · ";

    private static string Named(string name, string space) => name.Length > 0 ? name : space;
}
