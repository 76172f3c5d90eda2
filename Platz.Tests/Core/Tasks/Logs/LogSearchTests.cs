using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks.Logs;

public sealed class LogSearchTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private LogHand _log = null!;

    private LogReader Reader => Services.GetRequiredService<LogReader>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await EnqueueAsync(await AddDeploymentAsync());
        _log = await LogHand.StartAsync(
            Queue, Services, Claims(), Cancel, new TaskLogLimits(Head: 1_000, Tail: 100_000));
    }

    [Fact]
    public async Task Every_occurrence_counts_whatever_its_case_and_colours()
    {
        await _log.WriteAsync(
            Phase.HelmUpgrade, "Pod ready, pod Ready", "p\u001b[31mo\u001b[0md of a.*b", "nothing", "POD");

        Assert.Equal(4, (await SearchAsync("pod")).Total);
        Assert.Equal(1, (await SearchAsync("a.*b")).Total); // a text, not a pattern
        Assert.Equal(0, (await SearchAsync("31m")).Total); // nobody sees the escape sequences
    }

    [Fact]
    public async Task Next_and_previous_walk_all_matches_and_begin_again()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, Enumerable.Range(1, 700).Select(i => i % 300 == 0 ? "x x" : "-"));
        var search = await SearchAsync("x");

        Assert.Equal(
            [(300L, 0, 1L), (300, 2, 2), (600, 0, 3), (600, 2, 4), (300, 0, 1)],
            await WalkAsync(5, at => search.NextAsync(at.Seq, at.Start, Cancel)));
        Assert.Equal(
            [(600L, 2, 4L), (600, 0, 3), (300, 2, 2), (300, 0, 1), (600, 2, 4)],
            await WalkAsync(5, at => search.PreviousAsync(at.Seq, at.Start, Cancel)));
        Assert.Equal(3, (await search.NextAsync(301, -1, Cancel))!.Number);
        Assert.Equal(2, (await search.PreviousAsync(500, 0, Cancel))!.Number);
    }

    [Fact]
    public async Task What_is_nowhere_has_no_next()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, 10);
        var search = await SearchAsync("pineapple");

        Assert.Null(await search.NextAsync(1, -1, Cancel));
        Assert.Null(await search.PreviousAsync(1, 0, Cancel));
    }

    [Fact]
    public async Task The_count_goes_on_with_the_log()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, 300);
        var search = await SearchAsync("line");
        Assert.Equal(300, search.Total);

        await _log.WriteAsync(Phase.HelmUpgrade, 300);
        var shape = await Reader.ShapeAsync(_log.Task.Id, 0, Cancel);
        await Task.WhenAll(search.CountAsync(shape, Cancel), search.CountAsync(shape, Cancel));

        Assert.Equal(600, search.Total);
        Assert.Equal(600, (await search.NextAsync(600, -1, Cancel))!.Number);
    }

    [Fact]
    public async Task What_is_dropped_from_the_middle_counts_no_more()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, 2_000);
        var search = await SearchAsync("line");
        for (var i = 0; i < 20; i++)
        {
            await _log.WriteAsync(Phase.HelmUpgrade, 1_000);
        }

        var shape = await Reader.ShapeAsync(_log.Task.Id, 0, Cancel);
        Assert.NotNull(shape.GapBefore(1));
        await search.CountAsync(shape, Cancel);

        Assert.Equal(shape.Lines, search.Total);
        Assert.Equal(shape.Runs[1].First, (await search.NextAsync(shape.Runs[0].Last, 1_000, Cancel))!.Seq);
    }

    private async Task<LogSearch> SearchAsync(string text)
    {
        var search = new LogSearch(Services.GetRequiredService<LogChunks>(), _log.Task.Id, text);
        await search.CountAsync(await Reader.ShapeAsync(_log.Task.Id, 0, Cancel), Cancel);
        return search;
    }

    private static async Task<List<(long Seq, int Start, long Number)>> WalkAsync(
        int steps, Func<(long Seq, int Start), Task<LogMatch?>> step)
    {
        var walked = new List<(long Seq, int Start, long Number)>();
        var at = (Seq: 1L, Start: -1);
        for (var i = 0; i < steps; i++)
        {
            var match = (await step(at))!;
            walked.Add((match.Seq, match.Start, match.Number));
            at = (match.Seq, match.Start);
        }

        return walked;
    }
}
