namespace Platz.Chaos.Schedules;

internal enum FaultKind
{
    /// <summary>SIGKILL; the place is filled again at once.</summary>
    Kill,

    /// <summary>SIGSTOP, and SIGCONT after a while: shorter or longer than a lease.</summary>
    Stop,

    /// <summary>SIGTERM, as a deployment of ours sends it.</summary>
    Terminate,

    /// <summary>Every session of the database is terminated.</summary>
    Disconnect,

    /// <summary>PostgreSQL is shut down as by a crash and started again.</summary>
    RestartPostgres,

    /// <summary>So many runners from now on.</summary>
    Resize,
}

/// <param name="At">Since the campaign began.</param>
/// <param name="Place">Which runner; for <see cref="FaultKind.Resize"/> how many.</param>
/// <param name="Lasts">How long a <see cref="FaultKind.Stop"/> lasts, a <see cref="FaultKind.Kill"/> waits once its runner works.</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, int Place = 0, TimeSpan Lasts = default)
{
    /// <summary>A kill that waits for nothing: the runner may only just be starting.</summary>
    public bool AtOnce { get; init; }
}
