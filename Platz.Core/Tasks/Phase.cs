namespace Platz.Core.Tasks;

/// <summary>One step of an operation (contract 2.3), the unit of cancel and recovery; the stored names.</summary>
public static class Phase
{
    public const string Validate = "validate";
    public const string Namespace = "namespace";
    public const string Credentials = "credentials";
    public const string HelmUpgrade = "helm-upgrade";
    public const string HelmUninstall = "helm-uninstall";
    public const string DeleteNamespace = "delete-namespace";
    public const string Call = "call";
    public const string Find = "find";
    public const string Restart = "restart";
}

public enum PhaseOutcome
{
    Done,
    Failed,
    Skipped,

    /// <summary>The runner died or handed the task over; the next attempt enters the phase again.</summary>
    Interrupted,
}

/// <summary>How long one phase of one attempt took, and how it ended.</summary>
public sealed class DeploymentTaskPhase
{
    public required Guid TaskId { get; init; }

    /// <summary>Order within the task, over all attempts; from 0.</summary>
    public required int Seq { get; init; }

    public required string Phase { get; init; }

    public required int Attempt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public PhaseOutcome? Outcome { get; init; }
}
