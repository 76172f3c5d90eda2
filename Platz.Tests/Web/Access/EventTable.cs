using static Platz.Tests.Web.Access.Rule;

namespace Platz.Tests.Web.Access;

/// <param name="EnvId">Of the row; null where it is in none.</param>
/// <param name="Change">A statement that changes one.</param>
internal sealed record EventRow(string Table, Guid? EnvId, Rule Needs, string Change);

/// <summary>What is told of rows that change, and who hears of it; what hardly differs from another is left out.</summary>
internal static class EventTable
{
    public static IEnumerable<EventRow> Of(World w) =>
    [
        new("deployments", w.Env.Id, List, $"UPDATE deployments SET description_md = 'x' WHERE id = '{w.Shop.Id}'"),
        new("deployment_resources", w.Env.Id, List, $"UPDATE deployment_resources SET name = 'x' WHERE id = '{w.Database}'"),
        new("k8s_resources", w.Env.Id, List, $"UPDATE k8s_resources SET name = 'x' WHERE id = '{w.Pod}'"),
        new("secrets", w.Env.Id, List, $"UPDATE secrets SET name = 'x' WHERE id = '{w.Secret}'"),
        new("k8s_clusters", w.Env.Id, List, $"UPDATE k8s_clusters SET ingress_class = 'x' WHERE id = '{w.Cluster.Id}'"),
        new("envs", w.Env.Id, List, $"UPDATE envs SET auto_add_new_users = true WHERE id = '{w.Env.Id}'"),
        new("deployment_kinds", null, Somewhere, $"UPDATE deployment_kinds SET name = 'Job' WHERE id = '{w.Worker.Id}'"),
        new("helm_charts", null, Somewhere, $"UPDATE helm_charts SET description = 'x' WHERE id = '{w.Chart.Id}'"),
        new("users", null, Site, $"UPDATE users SET display_name = 'x' WHERE id = '{w.Zoe.Id}'"),
        new("bots", null, Site, $"UPDATE bots SET display_name = 'x' WHERE id = '{w.Helper.Id}'"),
    ];
}
