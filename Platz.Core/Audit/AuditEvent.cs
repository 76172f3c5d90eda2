using System.Net;
using System.Text.Json.Nodes;

namespace Platz.Core.Audit;

/// <summary>Who did it.</summary>
public enum AuditActorKind
{
    User,
    Bot,
    Deployment,

    /// <summary>Platz itself, by its configuration or its clock.</summary>
    System,

    /// <summary>Somebody who is not signed in.</summary>
    Anonymous,
}

public enum AuditOutcome
{
    Done,
    Denied,
    Failed,
}

/// <summary>
/// Something that happened and is not a task. Never changed and never deleted: a trigger refuses it, and each row holds
/// the hash of the one before, so that <see cref="AuditChain"/> finds what was done behind the trigger's back. It names
/// no other row by a foreign key, because it outlives what it tells of.
/// </summary>
public sealed class AuditEvent
{
    /// <summary>1, 2, 3 … without a gap.</summary>
    public required long Seq { get; init; }

    /// <summary>The day in UTC; its last event is its head, see <see cref="AuditHead"/>.</summary>
    public required DateOnly ChainDay { get; init; }

    public required DateTimeOffset At { get; init; }

    public required AuditActorKind ActorKind { get; init; }

    public Guid? ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>One of <see cref="AuditAction"/>.</summary>
    public required string Action { get; init; }

    public required AuditOutcome Outcome { get; init; }

    public required string SubjectKind { get; init; }

    public Guid? SubjectId { get; init; }

    public required string SubjectName { get; init; }

    public Guid? EnvId { get; init; }

    /// <summary>What else there is to know: strings, integers, booleans, nulls, lists and objects of them.</summary>
    public required JsonObject Detail { get; init; }

    public IPAddress? Ip { get; init; }

    public Guid? TokenId { get; init; }

    /// <summary>The hash of the event before; zeros for the first one.</summary>
    public required byte[] Previous { get; init; }

    public byte[] Hash { get; internal set; } = [];
}

/// <summary>The last event of a day that is over. The chain proves more where heads are kept outside the database.</summary>
public sealed class AuditHead
{
    public required DateOnly ChainDay { get; init; }

    public required long Seq { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>When it was told to somebody outside.</summary>
    public DateTimeOffset? ExportedAt { get; set; }
}
