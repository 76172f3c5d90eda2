using MudBlazor;
using Platz.Core.Tasks;

namespace Platz.Web.Tasks;

/// <summary>What came of many cancels, in one sentence.</summary>
public static class BulkWords
{
    public static (string Text, Severity Severity) Of(BulkOutcome outcome)
    {
        var parts = new List<string>();
        Add(outcome.Of(CancelOutcome.Canceled), "canceled");
        Add(outcome.Of(CancelOutcome.StopRequested), "asked to stop");
        Add(outcome.Of(CancelOutcome.HasStarted), "had started");
        Add(outcome.Of(CancelOutcome.AlreadyRequested), "had been asked to stop before");
        Add(outcome.Of(CancelOutcome.AlreadyFinished), "had ended");
        Add(outcome.Of(CancelOutcome.Forbidden) + outcome.Of(CancelOutcome.NotFound), "you may not cancel");
        var isPlain = outcome.Counts.Keys.All(o => o is CancelOutcome.Canceled or CancelOutcome.StopRequested);
        return parts.Count == 0
            ? ("There was nothing to cancel any more.", Severity.Info)
            : ($"{string.Join(", ", parts)}.{More(outcome.Left)}", isPlain ? Severity.Success : Severity.Info);

        void Add(int count, string words)
        {
            if (count > 0)
            {
                parts.Add($"{count:N0} {words}");
            }
        }
    }

    private static string More(int left) =>
        left > 0 ? $" {left:N0} more match: {BulkCancellation.Most:N0} are canceled at a time." : "";
}
