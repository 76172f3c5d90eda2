using CsCheck;

namespace Platz.Tests.Model;

/// <summary>One thing that happens. Whom it happens to is told by numbers, of which those are used that there are.</summary>
internal sealed record Step(StepKind Kind, int A, int B)
{
    /// <summary>Programs in which tasks get somewhere before the next thing breaks.</summary>
    public static readonly Gen<Step[]> Programs = Gen.Select(
        Gen.Frequency(
            (6, StepKind.Queue), (4, StepKind.Wait), (3, StepKind.Due), (5, StepKind.Pick), (8, StepKind.Take),
            (3, StepKind.Beat), (5, StepKind.Rescue), (40, StepKind.Go), (6, StepKind.HelmEnds), (3, StepKind.Cancel),
            (3, StepKind.Kill), (2, StepKind.Stop), (4, StepKind.Wake), (1, StepKind.LetGo), (1, StepKind.DeletePod)),
        Gen.Int[0, 999],
        Gen.Int[0, 7],
        (kind, a, b) => new Step(kind, a, b)).Array[0, 100];

    public override string ToString() => $"{Kind} {A} {B}";
}

internal enum StepKind
{
    Queue,
    Wait,
    Due,

    /// <summary>A runner sees what is ready, and claims it with its next <see cref="Take"/>.</summary>
    Pick,
    Take,
    Beat,
    Rescue,

    /// <summary>An attempt's next call to the database or the cluster.</summary>
    Go,
    HelmEnds,
    Cancel,

    /// <summary>SIGKILL; what it had sent arrives all the same, perhaps much later.</summary>
    Kill,

    /// <summary>SIGSTOP.</summary>
    Stop,
    Wake,

    /// <summary>The task is given back on the way out.</summary>
    LetGo,

    /// <summary>By hand.</summary>
    DeletePod,
}
