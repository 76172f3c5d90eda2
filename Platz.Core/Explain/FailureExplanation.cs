namespace Platz.Core.Explain;

/// <summary>What is known about why a task failed.</summary>
/// <param name="Facts">What the output names: the image, the object, the file.</param>
/// <param name="Seq">The line of the log that says so; null while the log was not looked at, or does not say it.</param>
/// <param name="Symptom">What the summary said, where the log told the cause of it.</param>
public sealed record FailureExplanation(
    KnownFailure Failure, IReadOnlyList<Fact> Facts, long? Seq = null, KnownFailure? Symptom = null);
