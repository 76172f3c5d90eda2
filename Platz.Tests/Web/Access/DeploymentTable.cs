using static Platz.Tests.Web.Access.ApiTable;
using static Platz.Tests.Web.Access.Rule;

namespace Platz.Tests.Web.Access;

/// <summary>The routes of deployments and their tasks.</summary>
internal static class DeploymentTable
{
    private const string One = "deployments/{id}";
    private const string Tasks = "deployment-tasks";
    private const string Task = "deployment-tasks/{id}";

    public static IEnumerable<Route> Of(World w)
    {
        var (shop, chart) = (w.Shop.Id, w.Chart.Id);
        var place = new { name = "new", kind_id = w.Web.Id, cluster_id = w.Cluster.Id, helm_chart_id = chart };
        return
        [
            Get("deployments", List, shows: shop), Get("deployments", Reveals, shows: World.Override),
            Get(One, See, shop), Get(One, Reveal, shop, World.Override),
            Post("deployments", Create, place with { name = w.Shop.Name }, 409),
            Put(One, Maintain, shop, new { config = new { } }, 412) with { IsStale = true },
            Put(One, Maintain, shop, new { description_md = "x" }, 412) with { IsStale = true },
            Put(One, Own, shop, new { enabled = false }, 412) with { IsStale = true },
            Put(One, Own, shop, new { config = new { }, enabled = false }, 412) with { IsStale = true },
            Put(One, Own, shop, new { values_override = new { a = 1 } }, 412) with { IsStale = true },
            Delete(One, Own, shop, 412) with { IsStale = true },
            Get($"{One}/values", See, shop), Get($"{One}/values", Reveal, shop, World.Override),
            Post($"{One}/values-preview", See, new { }, 200, shop),
            Post($"{One}/values-preview", Reveal, new { }, 200, shop) with { Shows = World.Override },
            Post("deployments/values-preview", Place, place, 200),
            Get(Tasks, List, shows: w.Done), Get(Tasks, Reveals, shows: World.Override),
            Get(Task, See, w.Done), Get(Task, Reveal, w.Done, World.Override), Get($"{Task}/log", See, w.Done),
            Post(Tasks, Invoke, Asked(new { InvokeAction = Action("reindex") }), 409),
            Post(Tasks, Own, Asked(new { InvokeAction = Action("wipe") }), 409),
            Post(Tasks, Maintain,
                Asked(new { RestartK8sResource = new { resource_id = w.Pod, resource_name = "?" } }), 422),
            Delete(Task, Maintain, w.Done, 409),
            Post($"{Task}/retry", Maintain, new { }, 409, w.Done),
            Post($"{Task}/rollback", Maintain, new { }, 409, w.Failed),
        ];

        object Asked(object operation) => new { deployment_id = shop, operation };

        object Action(string name) => new { helm_chart_id = chart, action_id = name, body = new { } };
    }
}
