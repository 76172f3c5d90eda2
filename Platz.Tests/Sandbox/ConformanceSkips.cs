namespace Platz.Tests.Sandbox;

/// <summary>The recorded cases that are not compared, and why.</summary>
internal static class ConformanceSkips
{
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["version"] = "the sandbox shows itself as one",
        ["version trailing slash"] = "the sandbox shows itself as one",
        ["version anonymous"] = "the sandbox shows itself as one",
        ["apis"] = "the sandbox serves fewer groups",
        ["api v1"] = "the sandbox serves fewer resources",
        ["openapi v3 index"] = "the sandbox serves fewer documents",
        ["state of cmd"] = "a simulated image has no files that could be missing",
        ["state of deadline"] = "recorded in the moment between two states; OutcomeTests compare the end",
        ["state of fail"] = "two pipes, recorded in the order that nobody guarantees",
        ["log of failed"] = "two pipes, recorded in the order that nobody guarantees",
        ["delete collection"] = "holds the states skipped here; ApiTests compare what it does",
        ["log tail 1 timestamps"] = "a time that differs; LogTests compare it",
        ["events of image pull"] = "counts depend on the moment; OutcomeTests compare the reasons",
        ["events of missing volume"] = "counts depend on the moment; OutcomeTests compare the reasons",
        ["events of unschedulable"] = "counts depend on the moment; OutcomeTests compare the reasons",
        ["watch one namespace until gone"] = "WatchTests compare the sequence",
        ["watch a pod to Succeeded"] = "WatchTests compare the sequence",
        ["watch a pod deleted with grace"] = "WatchTests compare the sequence",
        ["watch a rollout restart"] = "WatchTests compare the sequence",
        ["watch from a resourceVersion"] = "WatchTests compare the sequence",
        ["watch without resourceVersion"] = "WatchTests compare the sequence",
        ["watch too old"] = "WatchTests compare the sequence",
    };
}
