namespace Platz.Core.Identity;

/// <summary>The roles of one identity, in all envs.</summary>
/// <param name="OwnEnv">Of a deployment's credentials: the env it runs in.</param>
public sealed record Grants(
    bool SiteAdmin, IReadOnlyList<EnvGrant> Envs, IReadOnlyList<KindGrant> Kinds, Guid? OwnEnv)
{
    public static Grants None { get; } = new(false, [], [], null);

    private TokenScope? Scope { get; init; }

    /// <summary>The envs whose rows may be seen; null for all.</summary>
    public IReadOnlyList<Guid>? Visible => SiteAdmin
        ? null
        : [.. Envs.Select(e => e.EnvId).Union(Kinds.Select(k => k.EnvId)).Union(OwnEnv is { } own ? [own] : [])];

    /// <summary>The envs in which something may be done whatever the kind; null for all.</summary>
    public IReadOnlyList<Guid>? Where(Permission permission) =>
        Visible is { } visible ? [.. visible.Where(env => In(env, kindId: null).Allows(permission))] : null;

    /// <summary>What is left of them for a token of this scope; a site admin's have to name each env.</summary>
    public Grants Within(TokenScope scope) => this with
    {
        SiteAdmin = false,
        Envs = [.. Envs.Where(e => scope.Includes(e.EnvId))],
        Kinds = [.. Kinds.Where(k => scope.Includes(k.EnvId))],
        OwnEnv = OwnEnv is { } own && scope.Includes(own) ? own : null,
        Scope = scope,
    };

    /// <param name="envId">Null for what belongs to no env: site admins alone are anything there.</param>
    public Standing In(Guid? envId, Guid? kindId) => Scope?.Cap(Whole(envId, kindId)) ?? Whole(envId, kindId);

    private Standing Whole(Guid? envId, Guid? kindId) => (RoleIn(envId), KindRoleIn(envId, kindId)) switch
    {
        _ when SiteAdmin => Standing.SiteAdmin,
        _ when envId is null => Standing.None,
        _ when OwnEnv == envId => Standing.Deployment,
        (EnvRole.Admin, _) => Standing.EnvAdmin,
        (_, KindRole.Owner) => Standing.Owner,
        (_, KindRole.Maintainer) => Standing.Maintainer,
        (EnvRole.User, _) => Standing.Member,
        _ => Kinds.Any(k => k.EnvId == envId) ? Standing.Member : Standing.None,
    };

    private EnvRole? RoleIn(Guid? envId) => Envs.FirstOrDefault(e => e.EnvId == envId)?.Role;

    private KindRole? KindRoleIn(Guid? envId, Guid? kindId) =>
        Kinds.FirstOrDefault(k => k.EnvId == envId && k.KindId == kindId)?.Role;
}

public sealed record EnvGrant(Guid EnvId, EnvRole Role);

public sealed record KindGrant(Guid EnvId, Guid KindId, KindRole Role);
