using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Resources;

namespace Platz.Core.Jump;

/// <summary>What pages are named after, of what the reader may see, and what they may do there.</summary>
/// <param name="Envs">By name.</param>
/// <param name="Kinds">By name.</param>
/// <param name="Types">The types of managed things of each env.</param>
/// <param name="Clusters">For a site admin, who has a page for each.</param>
public sealed record JumpPlaces(
    Grants Grants,
    IReadOnlyList<JumpPlace> Envs,
    IReadOnlyList<JumpPlace> Kinds,
    ILookup<Guid, ManagedType> Types,
    IReadOnlyList<JumpPlace> Clusters)
{
    public static JumpPlaces None { get; } =
        new(Grants.None, [], [], Array.Empty<ManagedType>().ToLookup(_ => Guid.Empty), []);

    public bool MayEditSite => Grants.In(envId: null, kindId: null).Allows(Permission.EditSite);

    public bool MayCreate(JumpPlace env, JumpPlace kind) => Grants.In(env.Id, kind.Id).Allows(Permission.CreateDeployment);

    /// <param name="isTyped">Else the envs are enough.</param>
    internal static async Task<JumpPlaces> ReadAsync(
        PlatzDb db, Grants grants, bool isTyped, CancellationToken cancel)
    {
        var visible = grants.Visible;
        var envs = await db.Envs.Where(e => visible == null || visible.Contains(e.Id)).OrderBy(e => e.Name)
            .Select(e => new JumpPlace(e.Id, e.Name)).ToListAsync(cancel);
        var places = None with { Grants = grants, Envs = envs };
        if (!isTyped)
        {
            return places;
        }

        var types = await ManagedType.OfAllAsync(db, cancel);
        return places with
        {
            Kinds = await db.Kinds.OrderBy(k => k.Name).Select(k => new JumpPlace(k.Id, k.Name)).ToListAsync(cancel),
            Types = envs.SelectMany(env => ManagedType.In(env.Id, types), (env, type) => (env.Id, type))
                .ToLookup(pair => pair.Id, pair => pair.type),
            Clusters = !places.MayEditSite ? [] : await db.Clusters.Where(c => c.DeletedAt == null).OrderBy(c => c.Name)
                .Select(c => new JumpPlace(c.Id, c.Name)).ToListAsync(cancel),
        };
    }
}

public sealed record JumpPlace(Guid Id, string Name);
