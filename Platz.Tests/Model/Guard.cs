namespace Platz.Tests.Model;

/// <summary>What keeps the promises, one by one: a model without one of them must be seen to break a promise.</summary>
internal enum Guard
{
    /// <summary>Nothing is missing.</summary>
    None,

    /// <summary>Of a deployment one task is ready or started.</summary>
    OneActive,

    /// <summary>What was picked is claimed only if it is still ready.</summary>
    StateAtClaim,

    /// <summary>The first of a line is the oldest that is due.</summary>
    Order,

    /// <summary>Who ends a line makes the next one ready.</summary>
    NextInLine,

    /// <summary>A task that is taken over stays started.</summary>
    RescueKeepsStarted,

    /// <summary>Only who holds the task goes on to a phase.</summary>
    FenceAtPhase,

    /// <summary>Only who holds the task ends it.</summary>
    FenceAtEnd,

    /// <summary>What has ended never ends again.</summary>
    EndIsFinal,

    /// <summary>A cancel is looked at between two phases.</summary>
    CancelAtPhase,

    /// <summary>A pod is named by task and phase, not by attempt.</summary>
    PodName,

    /// <summary>A successor that finds no pod looks at what the release tells.</summary>
    LookAtRelease,

    /// <summary>A pod runs Helm only once it was given its files, which a pod that came too late never is.</summary>
    FilesAfterPod,
}
