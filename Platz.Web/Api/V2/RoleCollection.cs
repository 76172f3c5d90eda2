using Platz.Core.Identity;

namespace Platz.Web.Api.V2;

/// <summary>Whose roles a collection holds, and which field names them.</summary>
internal sealed record RoleCollection(ActorKind Kind, string Field)
{
    public static RoleCollection Users { get; } = new(ActorKind.User, "user_id");

    public static RoleCollection Bots { get; } = new(ActorKind.Bot, "bot_id");

    public ActorRef Who(ApiBody body) => new(Kind, body.RequiredId(Field));
}
