using System.Text;
using CsCheck;
using Platz.Core.Tasks;

namespace Platz.Tests.Core.Tasks;

public sealed class ErrorSummaryTests
{
    private static readonly Gen<string> s_odd =
        Gen.OneOf<string>("Error: x:", "\t* y", "😀😀😀", "\uD83D", "\0", "", "\n\n");

    public static TheoryData<string, string> RealRuns => [.. Transcripts.Failed.Select(run => (run.Case, run.Helm))];

    [Theory]
    [MemberData(nameof(RealRuns))]
    public void The_first_line_of_a_real_run_is_its_error(string name, string helm)
    {
        var run = Transcripts.Failed.Single(r => (r.Case, r.Helm) == (name, helm));

        var summary = ErrorSummary.Of(run.Log.Split('\n'), new HelmExit(run.ExitCode, "Error"));

        Assert.Equal(Transcripts.FirstLine(name, helm), summary.Split('\n')[0]);
        Assert.Contains(run.Log.Trim('\n'), summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_recorded_situation_has_its_expectation() =>
        Assert.Equal(
            Transcripts.Failed.Select(run => $"{run.Case} {run.Helm}").Order(), Transcripts.ExpectedNames.Order());

    [Theory]
    [InlineData(137, "OOMKilled", null, "Helm was killed because it used more memory than the pod may: OOMKilled")]
    [InlineData(137, "DeadlineExceeded", "Pod was active longer", "The Helm pod was stopped because it ran too long: DeadlineExceeded (Pod was active longer)")]
    [InlineData(128, "StartError", "exec: \"helm\": not found", "Helm could not be started: StartError (exec: \"helm\": not found)")]
    [InlineData(137, "Error", null, "Helm was killed (exit code 137)")]
    [InlineData(3, "Error", null, "Helm ended with exit code 3 and no error message")]
    [InlineData(null, null, null, "The Helm pod ended without an exit code")]
    public void Without_an_error_of_helm_the_pod_speaks(int? code, string? reason, string? message, string first)
    {
        Assert.Equal(first, ErrorSummary.Of([], new HelmExit(code, reason, message)));
        Assert.Equal($"{first}\n\nhello", ErrorSummary.Of(["hello"], new HelmExit(code, reason, message)));
    }

    [Fact]
    public void An_error_of_helm_comes_before_the_word_of_the_pod() =>
        Assert.Equal(
            "Error: boom\nHelm was killed (exit code 137)\n\nhello\nError: boom",
            ErrorSummary.Of(["hello", "Error: boom"], new HelmExit(137, "Error")));

    [Fact]
    public void The_last_error_counts_and_warnings_between_its_lines_do_not() =>
        Assert.Equal(
            "Error: real: cause",
            ErrorSummary.Of(["Error: of a hook", "", "Error: real:",
                "W1123 16:07:31.461264   26185 warnings.go:110] \"x\"", "\tcause", "", "later"],
                new HelmExit(1)).Split('\n')[0]);

    [Fact]
    public void Colours_and_control_characters_are_gone() =>
        Assert.Equal(
            "Error: a\uFFFDb\tc\uFFFD", ErrorSummary.Of(["\u001b[31mError: a\0b\tc\u001b[0m\uD800"], new HelmExit(1)));

    [Fact]
    public void A_long_log_keeps_its_end_from_the_start_of_a_line()
    {
        var log = Enumerable.Range(0, 5_000).Select(i => $"line {i} {new string('ä', 10)}").Append("Error: boom");

        var summary = ErrorSummary.Of(log, new HelmExit(1)).Split('\n');

        Assert.Equal(["Error: boom", "", "… (earlier lines are in the log)"], summary[..3]);
        Assert.Matches(@"\Aline \d+ ä{10}\z", summary[3]);
        Assert.Equal("Error: boom", summary[^1]);
    }

    [Fact]
    public void A_huge_error_is_cut_with_a_mark()
    {
        var summary = ErrorSummary.Of([$"Error: {new string('é', 50_000)}"], new HelmExit(1));

        Assert.EndsWith("é… (cut)", summary.Split('\n')[0], StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(summary), ErrorSummary.MaxBytes - 100, ErrorSummary.MaxBytes);
    }

    [Fact]
    public void Whatever_the_lines_it_fits_and_can_be_encoded() =>
        Gen.Select(Gen.OneOf(Gen.String, s_odd).Array[0, 40], Gen.Int[1, 900])
            .Sample((lines, times) =>
            {
                var log = lines.SelectMany(line => Enumerable.Repeat(line, times));
                var summary = ErrorSummary.Of(log, new HelmExit(1));
                var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
                return strict.GetByteCount(summary) is > 0 and <= ErrorSummary.MaxBytes
                    && !summary.Contains('\0', StringComparison.Ordinal);
            }, iter: 300);
}
