using System.Text.Json.Nodes;
using Platz.Core.Audit;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>An env as it was, so that the audit trail can tell what has become of it.</summary>
internal sealed record EnvBefore(string Name, bool AutoAddNewUsers, EnvPlacement Placement)
{
    public static EnvBefore Of(Env env) => new(env.Name, env.AutoAddNewUsers, EnvPlacement.Of(env));

    public IEnumerable<AuditEntry> Changes(Env now, Actor actor)
    {
        if (now.Name != Name)
        {
            yield return Told(AuditAction.EnvRenamed, now, actor, new JsonObject { ["before"] = Name });
        }

        if (now.AutoAddNewUsers != AutoAddNewUsers)
        {
            yield return Told(AuditAction.EnvAutoAddChanged, now, actor, AutoAdd(now));
        }

        if (!Placement.IsOf(now))
        {
            yield return Told(AuditAction.EnvPlacementChanged, now, actor, new JsonObject
            {
                ["node_selector"] = now.NodeSelector.ToJsonString(), // as a text: it may hold numbers of any kind
                ["tolerations"] = now.Tolerations.ToJsonString(),
            });
        }
    }

    public static AuditEntry Made(Env env, Actor actor) => Told(AuditAction.EnvCreated, env, actor, AutoAdd(env));

    public static AuditEntry Gone(Env env, Actor actor) => Told(AuditAction.EnvDeleted, env, actor, []);

    private static JsonObject AutoAdd(Env env) => new() { ["auto_add_new_users"] = env.AutoAddNewUsers };

    private static AuditEntry Told(string action, Env env, Actor actor, JsonObject detail) =>
        new(action, AuditActor.Of(actor), new AuditSubject("env", env.Id, env.Name)) { EnvId = env.Id, Detail = detail };
}
