namespace Platz.Web.Jump;

/// <summary>One line of the command palette.</summary>
/// <param name="Detail">Where it is, or how it stands.</param>
public sealed record JumpTarget(string Text, string Detail, string Address, string Glyph)
{
    /// <summary>When it happened, for tasks.</summary>
    public DateTimeOffset? Time { get; init; }
}

/// <summary>Lines under one heading.</summary>
public sealed record JumpGroup(string Title, IReadOnlyList<JumpTarget> Targets);
