using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

public enum Repeat
{
    Retry,
    Rollback,
}

/// <summary>A task to be done again.</summary>
public sealed record RepeatRequest(Guid TaskId)
{
    public const int LongestMessage = 500;

    /// <summary>The end of what the database keeps as a time for a task.</summary>
    private static readonly DateTimeOffset s_endOfTime = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Not before this time; null or a past time: at once.</summary>
    public DateTimeOffset? ExecuteAt { get; init; }

    /// <summary>Why, for who reads the history.</summary>
    public string? Message { get; init; }

    /// <summary>The version of the deployment that the difference was told against; null repeats over anything.</summary>
    public int? Version { get; init; }

    /// <summary>That of the preview; null for the one that holds now.</summary>
    public IdempotencyKey? IdempotencyKey { get; init; }

    internal string? Words => Message?.Trim() is { Length: > 0 } words ? words : null;

    internal FieldError? Error => this switch
    {
        _ when ExecuteAt >= s_endOfTime => new FieldError("execute_at", "This is too far ahead."),
        { Words.Length: > LongestMessage } =>
            new FieldError("message", $"This is too long: at most {LongestMessage} characters."),
        _ when Message?.Contains('\0', StringComparison.Ordinal) is true =>
            new FieldError("message", "A NUL character cannot be stored."),
        _ => null,
    };
}
