using CsCheck;
using Platz.Core.Explain;
using Platz.Core.Tasks;
using static Platz.Tests.Core.Explain.RealOutput;

namespace Platz.Tests.Core.Explain;

public sealed class FailureExplainerTests
{
    private const string Timeout = "Error: context deadline exceeded\n\nRelease \"x\" does not exist. Installing it now.";

    /// <summary>What patterns are looked for in, and what makes careless ones slow.</summary>
    private static readonly Gen<string> s_hostile = Gen.OneOf<string>(
        "cannot patch \"", "\" with kind ", "admission webhook \"", "failed calling webhook \\\"", "exceeded quota: ",
        "no matches for kind \"", "a", "\"", "\\", ": ", "((((", "nil pointer evaluating ", " at <", "\n", "0/0 nodes are available: ",
        "container x: ", "OOMKille", "x/x/x-x.x:1:1", " && ", "😀", "\uD83D", "\0", "is invalid: [[[", "....", "Error: ");

    [Fact]
    public void The_cause_in_the_log_explains_more_than_a_timeout()
    {
        var found = FailureExplainer.Explain(Timeout,
        [
            Line(1, "Release \"x\" does not exist. Installing it now."),
            Line(2, "Error: context deadline exceeded"),
            Line(3, "Not ready: pod web-1 is Running", LogStream.Platz),
            Line(4, "  container web: CrashLoopBackOff back-off 40s (before: Error, exit code 7)", LogStream.Platz),
            Line(5, "Failed: Error: context deadline exceeded", LogStream.Platz),
        ]);

        Assert.Equal(("crash-loop", 4, "timed-out"), (found!.Failure.Name, found.Seq, found.Symptom?.Name));
    }

    [Fact]
    public void A_timeout_without_a_cause_leads_to_its_own_line()
    {
        var found = FailureExplainer.Explain(Timeout,
        [
            Line(8, "Error: context deadline exceeded"),
            Line(9, "Failed: Error: context deadline exceeded", LogStream.Platz),
        ]);

        Assert.Equal(("timed-out", 8, null), (found!.Failure.Name, found.Seq, found.Symptom));
    }

    [Fact]
    public void A_summary_that_tells_the_cause_is_believed_before_the_log()
    {
        const string Error = "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress";
        var found = FailureExplainer.Explain(Error,
        [
            Line(1, "Event: Pod web-0: FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu.", LogStream.Platz),
            Line(2, Error),
            Line(3, "  container web: CrashLoopBackOff", LogStream.Platz),
        ]);

        Assert.Equal(("release-locked", 2), (found!.Failure.Name, found.Seq));
    }

    [Fact]
    public void What_only_the_runner_said_is_found_where_it_said_it()
    {
        const string Reason = "The cluster west cannot be reached: Connection refused";
        var found = FailureExplainer.Explain(Reason, [Line(1, "Hello"), Line(2, $"Failed: {Reason}", LogStream.Platz)]);

        Assert.Equal(("cluster-unreachable", 2), (found!.Failure.Name, found.Seq));
    }

    [Fact]
    public void How_a_pod_is_in_the_end_counts_more_than_what_happened_to_it() => Assert.Equal(
        "crash-loop",
        FailureExplainer.Explain(Timeout,
        [
            Line(1, "Event: Pod web-1: Failed: Error: ErrImagePull", LogStream.Platz),
            Line(2, "  container web: CrashLoopBackOff", LogStream.Platz),
        ])!.Failure.Name);

    [Fact]
    public void What_the_helm_pod_waited_for_in_the_beginning_is_no_cause() => Assert.Equal(
        "timed-out",
        FailureExplainer.Explain(Timeout,
        [
            Line(1, "The Helm pod has not started: ErrImagePull: later it could", LogStream.Platz),
            Line(2, "Error: context deadline exceeded"),
        ])!.Failure.Name);

    [Fact]
    public void The_most_telling_failure_of_a_line_wins()
    {
        var immutable = "Error: UPGRADE FAILED: cannot patch \"web\" with kind Deployment: Deployment.apps \"web\" is "
            + "invalid: spec.selector: Invalid value: v1.LabelSelector{}: field is immutable";
        Assert.Equal("immutable", FailureExplainer.Explain(immutable)!.Failure.Name);
        Assert.Equal("invalid-object", FailureExplainer.Explain(immutable.Replace(": field is immutable", ""))!.Failure.Name);
        Assert.Equal("cannot-patch", FailureExplainer.Explain(
            "Error: UPGRADE FAILED: cannot patch \"web\" with kind Deployment: no")!.Failure.Name);
    }

    [Fact]
    public void Only_the_end_of_a_long_log_is_looked_at()
    {
        var log = Enumerable.Range(1, FailureExplainer.MostLines + 1)
            .Select(i => Line(i, i == 1 ? "  container web: CrashLoopBackOff" : "working")).ToList();

        Assert.Null(FailureExplainer.Explain("Helm ended with exit code 1 and no error message", log));
        Assert.Equal(1, FailureExplainer.Explain("Helm ended with exit code 1 and no error message", log[..^1])!.Seq);
    }

    [Fact]
    public void A_cause_below_the_error_is_found_without_the_log() => Assert.Equal(
        ("quota", "timed-out"),
        FailureExplainer.Explain("Error: timed out waiting for the condition\n\nexceeded quota: q, requested: a", [])
            is { } found ? (found.Failure.Name, found.Symptom?.Name) : default);

    [Fact]
    public void A_fact_is_never_long() => Assert.All(
        FailureExplainer.Explain($"Error: parse error at ({new string('x', 3000)}): bad")!.Facts,
        fact => Assert.InRange(fact.Text.Length, 1, 301));

    [Fact]
    public void Hostile_text_of_any_kind_is_read_in_time()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60)); // linear: well under one second
        s_hostile.Array[1, 4].Select(parts => string.Concat(parts)).Sample(
            part =>
            {
                var text = string.Concat(Enumerable.Repeat(part, (ErrorSummary.MaxBytes / part.Length) + 1));
                FailureExplainer.Explain(text, [Line(1, text), Line(2, text)]);
                Assert.False(limit.IsCancellationRequested, part);
            },
            iter: 100);
    }
}
