namespace Platz.Core.Charts;

public enum RegistryErrorKind
{
    /// <summary>No answer, or none of use for now: try again later.</summary>
    Unreachable,
    Unauthorized,
    NotFound,

    /// <summary>The registry breaks the protocol or what it sent is not what was asked for.</summary>
    Invalid,
    TooLarge,
}

/// <summary>
/// A registry did not give what was asked. The message names host, repository and tag, and what to do.
/// </summary>
public sealed class RegistryException(RegistryErrorKind kind, string message, Exception? cause = null)
    : Exception(message, cause)
{
    public RegistryErrorKind Kind { get; } = kind;

    /// <summary>How long the registry asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
