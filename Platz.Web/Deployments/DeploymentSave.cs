using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Envs;

namespace Platz.Web.Deployments;

/// <summary>Sends a draft; after a conflict it says what somebody else has made of the deployment meanwhile.</summary>
public sealed class DeploymentSave(DeploymentEditor editor, DeploymentList list)
{
    /// <returns>After somebody else's change, beside the refusal: the deployment as they have left it.</returns>
    public async Task<(SaveResult Result, PlacedDeployment? Theirs)> SendAsync(
        DeploymentDraft draft, KindPlace place, Actor actor, CancellationToken cancel)
    {
        if (draft.Base is not { } before)
        {
            return (await editor.CreateAsync(draft.ToNew(), actor, cancel), null);
        }

        var result = await editor.UpdateAsync(before.Id, draft.ToEdit(), actor, cancel);
        return result is SaveResult.Conflict { Field: null }
            && await list.FindAsync(place.Env.Id, place.Kind.Id, before.Id.ToString(), cancel) is [var theirs]
            && theirs.Deployment.Version != draft.SeenVersion
            ? (result, theirs)
            : (result, null);
    }
}
