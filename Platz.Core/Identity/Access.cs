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

    /// <summary>What it is to do, for the words of the audit trail.</summary>
    public static string Act(Permission permission) => permission switch
    {
        Permission.See => "see an env",
        Permission.CreateDeployment => "create a deployment",
        Permission.EditDeployment => "change a deployment",
        Permission.ReadValuesOverride => "read a values override",
        Permission.EditValuesOverride => "change a values override",
        Permission.EnableOrDisable => "enable or disable a deployment",
        Permission.DeleteDeployment => "delete a deployment",
        Permission.InvokeMaintainerAction => "invoke an action for Maintainers",
        Permission.InvokeOwnerAction => "invoke an action for Owners",
        Permission.RestartResource => "restart what runs",
        Permission.CancelTask => "cancel a task",
        Permission.EditSecrets => "change secrets",
        Permission.EditEnv => "change an env",
        Permission.EditSite => "change the settings of the site",
        Permission.ReadMembers => "read who is in an env",
        Permission.EditMembers => "change roles",
        Permission.EditPeople => "change users, bots or tokens",
        Permission.ReadAudit => "read the audit trail",
        _ => $"{permission}",
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
        Actor.User(var id, _) => GrantsOf(await RowsOfUser(db, id).ToListAsync(cancel)),
        Actor.Bot(var id, _) => GrantsOf(await RowsOfBot(db, id).ToListAsync(cancel)),
        Actor.Deployment(var id, _) => await (
            from deployment in db.Deployments
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where deployment.Id == id && deployment.DeletedAt == null && cluster.EnvId != null
            select cluster.EnvId).SingleOrDefaultAsync(cancel) is { } own
            ? Grants.None with { OwnEnv = own }
            : Grants.None,
        _ => Grants.None,
    };

    // One statement that reads each table once: it is asked at every command, and what EF would write multiplies the roles.
    internal static IQueryable<GrantRow> RowsOfUser(PlatzDb db, Guid id) => db.Database.SqlQuery<GrantRow>($"""
        SELECT NULL::uuid AS env_id, NULL::uuid AS kind_id, is_admin::text AS role
        FROM users WHERE id = {id} AND is_active
        UNION ALL SELECT env_id, NULL, role FROM env_user_permissions WHERE user_id = {id}
        UNION ALL SELECT env_id, kind_id, role FROM deployment_permissions WHERE user_id = {id}
        """);

    internal static IQueryable<GrantRow> RowsOfBot(PlatzDb db, Guid id) => db.Database.SqlQuery<GrantRow>($"""
        SELECT NULL::uuid AS env_id, NULL::uuid AS kind_id, 'false' AS role
        FROM bots WHERE id = {id} AND deleted_at IS NULL
        UNION ALL SELECT env_id, NULL, role FROM env_user_permissions WHERE bot_id = {id}
        UNION ALL SELECT env_id, kind_id, role FROM deployment_permissions WHERE bot_id = {id}
        """);

    private static Grants GrantsOf(List<GrantRow> rows) => rows.Find(row => row.EnvId is null) is not { } self
        ? Grants.None // there is no such identity, or it is not active
        : new Grants(
            bool.Parse(self.Role),
            [.. rows.Where(row => row is { EnvId: not null, KindId: null })
                .Select(row => new EnvGrant(row.EnvId!.Value, Enum.Parse<EnvRole>(row.Role)))],
            [.. rows.Where(row => row.KindId is not null)
                .Select(row => new KindGrant(row.EnvId!.Value, row.KindId!.Value, Enum.Parse<KindRole>(row.Role)))],
            OwnEnv: null);

    /// <param name="EnvId">Null for the identity itself, whose role says whether it is a site admin.</param>
    internal sealed record GrantRow(Guid? EnvId, Guid? KindId, string Role);
}
