using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>What somebody is in an env, for one kind of deployments where a kind is asked about; the highest counts.</summary>
public enum Standing
{
    /// <summary>Not in this env: what is in it does not exist for them.</summary>
    None,

    /// <summary>The credentials of a deployment, in the env it runs in.</summary>
    Deployment,

    /// <summary>Env User, or a role for another kind.</summary>
    Member,
    Maintainer,
    Owner,
    EnvAdmin,
    SiteAdmin,
}

/// <summary>What can be asked for.</summary>
public enum Permission
{
    See,
    CreateDeployment,

    /// <summary>Chart version, config, description, redeploy; a move needs it on both sides.</summary>
    EditDeployment,
    ReadValuesOverride,
    EditValuesOverride,
    EnableOrDisable,
    DeleteDeployment,
    InvokeMaintainerAction,
    InvokeOwnerAction,
    RestartResource,

    /// <summary>Of somebody else; one's own task anybody may cancel.</summary>
    CancelTask,
    EditSecrets,

    /// <summary>Where the pods of an env run.</summary>
    EditEnv,

    /// <summary>Which envs, clusters and registries there are.</summary>
    EditSite,

    /// <summary>Who has which role in an env.</summary>
    ReadMembers,
    EditMembers,

    /// <summary>Who is a user or a bot, and who is a site admin.</summary>
    EditPeople,

    /// <summary>What happened in an env and is no task; asked of no env: what happened anywhere.</summary>
    ReadAudit,
}

/// <summary>Who may do what (contract 3): the one table that pages, API, hub and runner ask, and the one reading of roles.</summary>
public static class Access
{
    public static bool Allows(this Standing standing, Permission permission) => (standing, permission) switch
    {
        (Standing.None, _) => false,
        (_, Permission.See) => true,
        (Standing.Deployment, Permission.ReadMembers) => false, // who people are is not a chart's to know
        (_, Permission.ReadMembers) => true,
        (Standing.SiteAdmin, _) => true,
        (_, Permission.EditEnv or Permission.EditSite or Permission.EditPeople) => false,
        (Standing.EnvAdmin, _) => true,
        (_, Permission.EditSecrets or Permission.EditMembers or Permission.ReadAudit) => false,
        (Standing.Owner, _) => true,
        (Standing.Maintainer, Permission.EditDeployment or Permission.RestartResource or Permission.CancelTask) => true,
        (Standing.Maintainer or Standing.Deployment, Permission.InvokeMaintainerAction) => true,
        _ => false,
    };

    /// <summary>Who can do it, for the words of a refusal.</summary>
    public static string Needs(Permission permission) => permission switch
    {
        Permission.EditEnv or Permission.EditSite or Permission.EditPeople => "a site admin",
        Permission.EditSecrets or Permission.EditMembers or Permission.ReadAudit => "an Admin of this env",
        Permission.EditDeployment or Permission.RestartResource or Permission.CancelTask
            or Permission.InvokeMaintainerAction => "a Maintainer of this kind",
        Permission.See or Permission.ReadMembers => "a member of this env",
        _ => "an Owner of this kind",
    };

    /// <summary>Read from the database at each command, never from what somebody was when they signed in.</summary>
    public static async Task<Standing> OfAsync(
        PlatzDb db, Actor actor, Guid? envId, Guid? kindId, CancellationToken cancel) =>
        (await GrantsAsync(db, actor, cancel)).In(envId, kindId);

    public static async Task<Grants> GrantsAsync(PlatzDb db, Actor actor, CancellationToken cancel)
    {
        var grants = await OwnAsync(db, actor, cancel);
        if (actor.Scope is not { } scope)
        {
            return grants;
        }

        if (grants.SiteAdmin)
        {
            var envs = await db.Envs.Select(e => e.Id).ToListAsync(cancel);
            grants = grants with { Envs = [.. envs.Select(id => new EnvGrant(id, EnvRole.Admin))] };
        }

        return grants.Within(scope);
    }

    private static async Task<Grants> OwnAsync(PlatzDb db, Actor actor, CancellationToken cancel) => actor switch
    {
        Actor.User(var id, _) => await db.Users.Where(u => u.Id == id && u.IsActive).Select(u => new Grants(
            u.IsAdmin,
            db.EnvPermissions.Where(p => p.UserId == id).Select(p => new EnvGrant(p.EnvId, p.Role)).ToList(),
            db.DeploymentPermissions.Where(p => p.UserId == id)
                .Select(p => new KindGrant(p.EnvId, p.KindId, p.Role)).ToList(),
            null)).SingleOrDefaultAsync(cancel) ?? Grants.None,
        Actor.Bot(var id, _) => await db.Bots.Where(b => b.Id == id && b.DeletedAt == null).Select(b => new Grants(
            false,
            db.EnvPermissions.Where(p => p.BotId == id).Select(p => new EnvGrant(p.EnvId, p.Role)).ToList(),
            db.DeploymentPermissions.Where(p => p.BotId == id)
                .Select(p => new KindGrant(p.EnvId, p.KindId, p.Role)).ToList(),
            null)).SingleOrDefaultAsync(cancel) ?? Grants.None,
        Actor.Deployment(var id, _) => await (
            from deployment in db.Deployments
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where deployment.Id == id && deployment.DeletedAt == null && cluster.EnvId != null
            select cluster.EnvId).SingleOrDefaultAsync(cancel) is { } own
            ? Grants.None with { OwnEnv = own }
            : Grants.None,
        _ => Grants.None,
    };
}
