using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Deployments;

/// <summary>What somebody is where a task would be done again: at the deployment, and where else it reaches.</summary>
internal sealed record RepeatRights(Standing Here, IReadOnlyList<Standing> Elsewhere)
{
    public bool Sees => Here is not Standing.None;

    public bool ReadsOverride => Here.Allows(Permission.ReadValuesOverride);

    public static async Task<RepeatRights> OfAsync(
        PlatzDb db, RepeatSource source, RepeatPlan plan, Actor actor, CancellationToken cancel)
    {
        var grants = await Access.GrantsAsync(db, actor, cancel);
        Guid[] others = [plan.Place.ClusterId, .. plan.OtherCluster is { } other ? [other] : Array.Empty<Guid>()];
        var envs = await db.Clusters.Where(c => c.Id == source.Deployment.ClusterId || others.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, c => c.EnvId, cancel);
        var here = grants.In(envs[source.Deployment.ClusterId], source.Kind.Id);
        return new RepeatRights(
            grants.In(source.Task.EnvId, source.Kind.Id) is Standing.None ? Standing.None : here,
            [.. others.Select(id => grants.In(envs.GetValueOrDefault(id), source.Kind.Id))]);
    }

    /// <summary>To write another override back is to edit it.</summary>
    public SaveResult? Refusal(RepeatSource source, RepeatPlan plan) => this switch
    {
        { Sees: false } => new SaveResult.NotFound(),
        _ when !Here.Allows(plan.Needs) || !Elsewhere.All(there => there.Allows(plan.Needs)) =>
            new SaveResult.Forbidden(plan.Needs),
        _ when ChangesOverride(source, plan) && !Here.Allows(Permission.EditValuesOverride) =>
            new SaveResult.Forbidden($"The values override would change: this needs {Access.Needs(Permission.EditValuesOverride)}."),
        _ => null,
    };

    private static bool ChangesOverride(RepeatSource source, RepeatPlan plan) => plan.Inputs is { } inputs
        && !JsonNode.DeepEquals(source.Now.ValuesOverride ?? [], inputs.ValuesOverride ?? []);
}
