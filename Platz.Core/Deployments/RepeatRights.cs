using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Deployments;

/// <summary>What somebody is where a task would be done again: at the deployment, and where else it reaches.</summary>
internal sealed record RepeatRights(RepeatPlace Here, IReadOnlyList<RepeatPlace> Elsewhere)
{
    public bool Sees => Here.Standing is not Standing.None;

    public bool ReadsOverride => Here.Standing.Allows(Permission.ReadValuesOverride);

    public static async Task<RepeatRights> OfAsync(
        PlatzDb db, RepeatSource source, RepeatPlan plan, Actor actor, CancellationToken cancel)
    {
        var grants = await Access.GrantsAsync(db, actor, cancel);
        Guid[] others = [plan.Place.ClusterId, .. plan.OtherCluster is { } other ? [other] : Array.Empty<Guid>()];
        var envs = await db.Clusters.Where(c => c.Id == source.Deployment.ClusterId || others.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, c => c.EnvId, cancel);
        var here = PlaceOf(envs[source.Deployment.ClusterId]);
        return new RepeatRights(
            PlaceOf(source.Task.EnvId).Standing is Standing.None ? here with { Standing = Standing.None } : here,
            [.. others.Select(id => PlaceOf(envs.GetValueOrDefault(id)))]);

        RepeatPlace PlaceOf(Guid? envId) => new(envId, grants.In(envId, source.Kind.Id));
    }

    /// <summary>Why they may not; null when they may.</summary>
    public SaveResult? Refusal(RepeatSource source, RepeatPlan plan) => Sees
        ? Lack(source, plan) switch
        {
            null => null,
            (Permission.EditValuesOverride, _) => new SaveResult.Forbidden(
                $"The values override would change: this needs {Access.Needs(Permission.EditValuesOverride)}."),
            var (needs, _) => new SaveResult.Forbidden(needs),
        }
        : new SaveResult.NotFound();

    /// <inheritdoc cref="Refusal(RepeatSource, RepeatPlan)"/>
    /// <param name="actor">Who is about to do it.</param>
    public SaveResult? Refusal(PlatzDb db, Actor actor, RepeatSource source, RepeatPlan plan)
    {
        var refusal = Refusal(source, plan);
        if (refusal is SaveResult.Forbidden && Lack(source, plan) is var (needs, envId))
        {
            db.Deny(actor, needs, envId);
        }

        return refusal;
    }

    /// <summary>Which right they lack, and in which env. To write another override back is to edit it.</summary>
    private (Permission Needs, Guid? EnvId)? Lack(RepeatSource source, RepeatPlan plan)
    {
        if (Elsewhere.Prepend(Here).FirstOrDefault(place => !place.Standing.Allows(plan.Needs)) is { } place)
        {
            return (plan.Needs, place.EnvId);
        }

        return ChangesOverride(source, plan) && !Here.Standing.Allows(Permission.EditValuesOverride)
            ? (Permission.EditValuesOverride, Here.EnvId)
            : null;
    }

    private static bool ChangesOverride(RepeatSource source, RepeatPlan plan) => plan.Inputs is { } inputs
        && !JsonNode.DeepEquals(source.Now.ValuesOverride ?? [], inputs.ValuesOverride ?? []);
}

/// <param name="EnvId">Null where the cluster is in no env.</param>
internal sealed record RepeatPlace(Guid? EnvId, Standing Standing);
