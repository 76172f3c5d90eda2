using Platz.Core.Explain;
using Platz.Tests.Core.Tasks;

namespace Platz.Tests.Core.Explain;

public sealed class KnownFailuresTests
{
    public static TheoryData<int> Outputs => [.. Enumerable.Range(0, RealOutput.All.Count)];

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Real_output_is_recognised_for_what_it_is(int number)
    {
        var output = RealOutput.All[number];

        var found = FailureExplainer.Explain(output.Reason, output.Log);

        Assert.Equal($"{output}", $"{output with { Failure = found?.Failure.Name ?? "nothing" }}");
        foreach (var (name, text) in output.Facts)
        {
            Assert.Contains(new Fact(name, text), found!.Facts);
        }
    }

    [Fact]
    public void Every_known_failure_has_been_seen_in_real_output() => Assert.Equal(
        KnownFailures.All.Select(f => f.Name).Order(), RealOutput.All.Select(o => o.Failure).Distinct().Order());

    [Theory] // as the description of History words them
    [InlineData("UPGRADE FAILED: cannot patch ... existing resource conflict", "changed-elsewhere")]
    [InlineData("Error: timed out waiting for the condition", "timed-out")]
    [InlineData("Error: failed to download \"oci://registry.example/web\"", "registry-unreachable")]
    [InlineData("Error: render error", "render-error")]
    public void The_four_failures_that_users_were_told_of_are_known(string output, string failure) =>
        Assert.Equal(failure, FailureExplainer.Explain(output)?.Failure.Name);

    [Fact]
    public void What_every_failure_says_is_complete() => Assert.All(KnownFailures.All, failure =>
    {
        Assert.Matches("^[a-z0-9-]+$", failure.Name);
        Assert.DoesNotMatch(@"[.!]$", failure.Title);
        Assert.EndsWith(".", failure.Meaning, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Steps);
        Assert.All(failure.Steps, step => Assert.EndsWith(".", step, StringComparison.Ordinal));
        Assert.NotEmpty(failure.Patterns);
    });

    [Fact]
    public void Names_are_unique_and_the_general_ones_come_last()
    {
        var failures = KnownFailures.All;
        Assert.Equal(failures.Count, failures.DistinctBy(f => f.Name).Count());
        Assert.Equal(failures.OrderBy(f => f.IsGeneral), failures);
    }

    [Fact]
    public void Every_pattern_has_words_by_which_most_lines_are_passed_over() => Assert.All(
        KnownFailures.All.SelectMany(f => f.Patterns), pattern => Assert.InRange(pattern.Words.Length, 6, 100));

    [Theory]
    [InlineData("^admission webhook \\\\?\"(?<webhook>[^\"]+)\\\\?\" denied", "admission webhook ")]
    [InlineData("a+bc(?:longer words)de?", "bc")]
    [InlineData("Chart\\.yaml[^x]{3}", "Chart.yaml")]
    [InlineData("one thing|or another", "")]
    public void The_words_of_a_pattern_stand_in_all_that_it_fits(string pattern, string words) =>
        Assert.Equal(words, new FailurePattern(pattern).Words);

    [Fact]
    public void A_successful_run_is_no_known_failure() => Assert.All(
        Transcripts.Succeeded, log => Assert.Null(FailureExplainer.Explain(null, [.. log.Split('\n').Select(
            (line, i) => RealOutput.Line(i + 1, line))])));

    [Theory]
    [InlineData("")]
    [InlineData("title: A value is required.")]
    [InlineData("Error: something that nobody has seen before")]
    [InlineData("Helm ended with exit code 3 and no error message")]
    [InlineData("You may not invoke this action.")]
    [InlineData("the answered 500 letters were not found in the image of the node")]
    public void What_is_not_known_is_not_explained(string reason) => Assert.Null(FailureExplainer.Explain(reason, []));
}
