using Platz.Core.Tasks;

namespace Platz.Chaos.Judging;

/// <summary>Whether cancels did what their callers were told, and rows say how much had happened (faults.md P10).</summary>
internal static class Cancels
{
    public static IEnumerable<Breach> Wrong(Evidence evidence, Dictionary<Guid, TaskRow> rows, ILookup<Guid, Run> runs)
    {
        foreach (var told in evidence.Canceled.GroupBy(c => c.Task))
        {
            if (told.Count(t => t.Outcome is CancelOutcome.Canceled or CancelOutcome.StopRequested) > 1)
            {
                yield return Breach(told.Key, "was canceled by two who were both told that it was them");
            }
        }

        foreach (var told in evidence.Canceled)
        {
            if (rows.TryGetValue(told.Task, out var row) && Wrong(told, row, runs[told.Task].Any()) is { } what)
            {
                yield return Breach(told.Task, what);
            }
        }

        foreach (var row in evidence.Tasks.Where(t => t.Status is DeploymentTaskStatus.Canceled))
        {
            if (Untrue(row, evidence.Effects.Contains(row.Id)) is { } what)
            {
                yield return Breach(row.Id, what);
            }
        }
    }

    private static string? Wrong(CancelTold told, TaskRow row, bool wasBegun) => (told.Outcome, row.Status) switch
    {
        (CancelOutcome.Canceled, not DeploymentTaskStatus.Canceled) => $"is {row.Status}, and somebody was told it is Canceled",
        (CancelOutcome.Canceled, _) when wasBegun => "was canceled before it started, and was begun",
        (CancelOutcome.StopRequested, DeploymentTaskStatus.Done) => "is Done, and somebody was told it would stop",
        _ => null,
    };

    private static string? Untrue(TaskRow row, bool hasEffect) => (row.Effect, hasEffect) switch
    {
        (TaskEffect.None, true) => "is Canceled with effect None, and had one",
        (TaskEffect.Complete, false) => "is Canceled with effect Complete, and had none",
        (null, _) => "is Canceled and does not say how much had happened",
        _ => null,
    };

    private static Breach Breach(Guid task, string what) => new(Promise.Canceled, task, what);
}
