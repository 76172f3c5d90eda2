using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;
using Platz.Web.Tasks.Logs;

namespace Platz.Tests.Web.Tasks.Logs;

public sealed class LogRowMapTests
{
    // validate 1-3, helm-upgrade 4-10 and 21-25, restart 26
    private static readonly LogShape s_shape = new(
    [
        Run(Phase.Validate, 1, 3), Run(Phase.HelmUpgrade, 4, 10), Run(Phase.HelmUpgrade, 21, 25), Run(Phase.Restart, 26, 26),
    ]);

    [Fact]
    public void Lines_stand_under_the_headings_of_their_phases_with_the_gap_between_them()
    {
        var map = new LogRowMap(s_shape, new HashSet<long>());

        Assert.Equal(
            [
                "validate 3", "1", "2", "3", "helm-upgrade 12", "4", "5", "6", "7", "8", "9", "10", "gap 10",
                "21", "22", "23", "24", "25", "restart 1", "26",
            ],
            Rows(map));
    }

    [Fact]
    public void A_folded_phase_leaves_its_heading()
    {
        var map = new LogRowMap(s_shape, new HashSet<long> { 4 });

        Assert.Equal(["validate 3", "1", "2", "3", "helm-upgrade 12", "restart 1", "26"], Rows(map));
        Assert.Equal(4, map.RowOf(23));
        Assert.Equal(6, map.RowOf(26));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 11)]
    [InlineData(15, 12)]
    [InlineData(21, 13)]
    [InlineData(26, 19)]
    [InlineData(99, 19)]
    public void A_line_is_found_by_its_number_and_what_was_not_kept_leads_to_the_gap(long seq, long row) =>
        Assert.Equal(row, new LogRowMap(s_shape, new HashSet<long>()).RowOf(seq));

    [Fact]
    public void A_log_of_more_lines_than_a_browser_can_stack_shows_its_end()
    {
        var map = new LogRowMap(new([Run(Phase.HelmUpgrade, 1, LogRowMap.MostRows + 40)]), new HashSet<long>());

        Assert.Equal(LogRowMap.MostRows + 2, map.Rows);
        Assert.Equal(40, map.At(1).Gap?.Lines);
        Assert.Equal(41, map.At(2).Seq);
        Assert.Equal(LogRowMap.MostRows + 40, map.At(map.Rows - 1).Seq);
        Assert.Equal(1, map.RowOf(7));
    }

    [Fact]
    public void No_lines_are_no_rows() => Assert.Equal(0, new LogRowMap(LogShape.Empty, new HashSet<long>()).Rows);

    [Theory]
    [InlineData("120", "120")]
    [InlineData("120-130", "120-130")]
    [InlineData("130-120", "120-130")]
    [InlineData(" 7 – 9 ", "7-9")]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("0", null)]
    [InlineData("1-2-3", null)]
    [InlineData("x", null)]
    [InlineData("99999999999999999999", null)]
    public void Addresses_name_a_line_or_a_range(string? text, string? range) =>
        Assert.Equal(range, LineRange.Parse(text)?.ToString());

    private static IEnumerable<string> Rows(LogRowMap map)
    {
        for (var row = 0L; row < map.Rows; row++)
        {
            yield return map.At(row) switch
            {
                { Heading: { } heading } => $"{heading.Phase} {heading.Lines}",
                { Gap: { } gap } => $"gap {gap.Lines}",
                { Seq: var seq } => $"{seq}",
            };
        }
    }

    private static LogRun Run(string phase, long first, long last) =>
        new(phase, first, last, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, first * 10, (last * 10) + 10);
}
