using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using static Platz.Tests.Web.Access.Command;
using static Platz.Tests.Web.Access.Rule;

namespace Platz.Tests.Web.Access;

/// <summary>What is done to deployments and their tasks.</summary>
internal static class DeploymentCommandTable
{
    private const int Stale = 1_000_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static IEnumerable<Command> All =>
    [
        Of<DeploymentEditor>(Create, "Conflict", (e, w, a) => e.CreateAsync(Again(w), a, Cancel)),
        Update(Maintain, new DeploymentEdit { Config = [], Version = Stale }),
        Update(Maintain, new DeploymentEdit { Name = "x", Version = Stale }),
        Update(Maintain, new DeploymentEdit { DescriptionMd = "x", Version = Stale }),
        Update(Own, new DeploymentEdit { Enabled = false, Version = Stale }),
        Update(Own, new DeploymentEdit { ValuesOverride = new JsonObject { ["a"] = 1 }, Version = Stale }),
        Of<DeploymentEditor>(Own, "Conflict", (e, w, a) => e.DeleteAsync(w.Shop.Id, a, null, Cancel)),
        Of<DeploymentEditor>(Own, "Conflict", (e, w, a) => e.DeleteAsync(w.Shop.Id, Stale, a, null, Cancel)),
        Of<DeploymentCommands>(Invoke, "Conflict", (c, w, a) => c.InvokeActionAsync(Action(w, "reindex"), a, Cancel)),
        Of<DeploymentCommands>(Own, "Conflict", (c, w, a) => c.InvokeActionAsync(Action(w, "wipe"), a, Cancel)),
        Of<DeploymentCommands>(Maintain, "Invalid", (c, w, a) =>
            c.RestartAsync(new RestartRequest(w.Pod, "?") { DeploymentId = w.Shop.Id }, a, Cancel)),
        Of<TaskRepeats>(Maintain, "Conflict", (r, w, a) => r.RetryAsync(new RepeatRequest(w.Done), a, Cancel)),
        Of<TaskRepeats>(Maintain, "Conflict", (r, w, a) => r.RollBackAsync(new RepeatRequest(w.Failed), a, Cancel)),
        Of<TaskQueue>(Maintain, "AlreadyFinished", (q, w, a) => q.CancelAsync(w.Done, a, null, Cancel)),
        Of<TaskQueue>(Maintain, "AlreadyFinished", (q, w, a) => q.CancelPendingAsync(w.Done, a, null, Cancel)),
        Of<BulkCancellation>(Bulk, "BulkCount", (b, w, a) => b.CountAsync(Waiting(w), a, Cancel)) with
        {
            Shows = (_, count) => ((BulkCount)count).Pending == 1,
        },
        Of<BulkCancellation>(Bulk, "BulkOutcome", (b, w, a) =>
            b.CancelAsync(Waiting(w), new BulkRequest(false, null), a, Unheard, Cancel)) with
        {
            Shows = (_, outcome) => ((BulkOutcome)outcome).Of(CancelOutcome.Canceled) == 1,
            Takes = true,
        },
    ];

    private static Command Update(Rule needs, DeploymentEdit edit) =>
        Of<DeploymentEditor>(needs, "Conflict", (e, w, a) => e.UpdateAsync(w.Shop.Id, edit, a, Cancel));

    private static NewDeployment Again(World w) => new()
    {
        Name = w.Shop.Name,
        KindId = w.Web.Id,
        ClusterId = w.Cluster.Id,
        HelmChartId = w.Chart.Id,
    };

    private static ActionRequest Action(World w, string name) => new(w.Chart.Id, name, []) { DeploymentId = w.Shop.Id };

    private static void Unheard(int done, int all)
    {
    }

    private static TaskFilter Waiting(World w) => new() { DeploymentIds = [w.Client.Id] };
}
