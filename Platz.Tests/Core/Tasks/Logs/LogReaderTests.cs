using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks.Logs;

public sealed class LogReaderTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private LogReader Reader => Services.GetRequiredService<LogReader>();

    private LogChunks Chunks => Services.GetRequiredService<LogChunks>();

    [Fact]
    public async Task A_log_that_has_no_lines_has_an_empty_shape()
    {
        var shape = await Reader.ShapeAsync(Guid.NewGuid(), 0, Cancel);

        Assert.Equal((1, 0, 0), (shape.First, shape.Last, shape.Lines));
    }

    [Fact]
    public async Task The_shape_tells_where_phases_begin_and_end()
    {
        var log = await StartAsync();
        await log.WriteAsync(Phase.Validate, 3);
        await log.WriteAsync(Phase.HelmUpgrade, 1);
        await log.WriteAsync(Phase.Validate, 2); // a second attempt

        var shape = await Reader.ShapeAsync(log.Task.Id, 0, Cancel);

        Assert.Equal(
            [(Phase.Validate, 1L, 3L), (Phase.HelmUpgrade, 4L, 4L), (Phase.Validate, 5L, 6L)],
            shape.Runs.Select(run => (run.Phase, run.First, run.Last)));
        Assert.Equal(LogHand.Start.AddSeconds(2), shape.Runs[0].To);
        Assert.Equal(6 * "line 1\n".Length, shape.Bytes);
    }

    [Fact]
    public async Task The_shape_counts_what_was_not_kept()
    {
        var log = await StartAsync(new TaskLogLimits(Head: 70, Tail: 700));
        for (var i = 0; i < 10; i++)
        {
            await log.WriteAsync(Phase.HelmUpgrade, 100);
        }

        var shape = await Reader.ShapeAsync(log.Task.Id, 0, Cancel);

        var kept = await Services.GetRequiredService<TaskLog>().AfterAsync(log.Task.Id, 0, 10_000, Cancel);
        Assert.Equal(2, shape.Runs.Count);
        Assert.Equal(kept.Gap, shape.GapBefore(1));
        Assert.Null(shape.GapBefore(0));
        Assert.Equal(kept.Lines.Count, shape.Lines);
        Assert.All(kept.Lines, line => Assert.True(shape.Has(line.Seq)));
        Assert.False(shape.Has(kept.Gap!.AfterSeq + 1));
    }

    [Fact]
    public async Task A_shape_grows_by_what_has_come_since()
    {
        var log = await StartAsync();
        await log.WriteAsync(Phase.Validate, 3);
        var before = await Reader.ShapeAsync(log.Task.Id, 0, Cancel);
        await log.WriteAsync(Phase.Validate, 2);
        await log.WriteAsync(Phase.HelmUpgrade, 2);

        var grown = before.With(await Reader.ShapeAsync(log.Task.Id, before.Last, Cancel));

        Assert.Equal((await Reader.ShapeAsync(log.Task.Id, 0, Cancel)).Runs, grown.Runs);
        Assert.Equal(grown.Runs, grown.With(await Reader.ShapeAsync(log.Task.Id, grown.Last, Cancel)).Runs);
    }

    [Fact]
    public async Task Chunks_have_the_lines_of_their_numbers_and_the_last_one_grows()
    {
        var log = await StartAsync();
        await log.WriteAsync(Phase.HelmUpgrade, LogChunk.Size + 10);

        Assert.Equal(LogChunk.Size, (await Chunks.GetAsync(log.Task.Id, 0, Cancel)).Lines.Count);
        Assert.Equal(10, (await Chunks.GetAsync(log.Task.Id, 1, Cancel)).Lines.Count);
        await log.WriteAsync(Phase.HelmUpgrade, 5);
        var last = await Chunks.GetAsync(log.Task.Id, 1, Cancel);
        Assert.Equal(15, last.Lines.Count);
        Assert.Equal("line 271", last.Find(271)?.Text);
        Assert.Null(last.Find(272));
    }

    [Fact]
    public async Task A_whole_chunk_is_read_once_for_all()
    {
        var log = await StartAsync();
        await log.WriteAsync(Phase.HelmUpgrade, LogChunk.Size);

        var chunks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Chunks.GetAsync(log.Task.Id, 0, Cancel)));

        Assert.All(chunks, chunk => Assert.Same(chunks[0], chunk));
        Assert.Same(chunks[0], await Chunks.GetAsync(log.Task.Id, 0, Cancel));
    }

    [Theory]
    [InlineData(new[] { "client.go:1", "level=WARN msg=\"failed to x\"", "Error: UPGRADE FAILED: no", "Error: two" }, 3)]
    [InlineData(new[] { "one", "\u001b[31mError: \u001b[0mtimed out", "two" }, 2)]
    [InlineData(new[] { "one", "time=… level=ERROR msg=x", "two" }, 2)]
    [InlineData(new[] { "one", "pod web-1: Back-off, image pull failed", "two" }, 2)]
    public async Task The_first_error_is_what_Helm_calls_one_or_else_what_sounds_like_it(string[] lines, long expected)
    {
        var log = await StartAsync();
        await log.WriteAsync(Phase.HelmUpgrade, lines);

        Assert.Equal(expected, await FirstErrorAsync(log));
    }

    [Fact]
    public async Task A_log_of_success_has_no_error()
    {
        var log = await StartAsync();
        await log.WriteAsync(Phase.HelmUpgrade, 600);

        Assert.Null(await FirstErrorAsync(log));
    }

    private async Task<long?> FirstErrorAsync(LogHand log) => await LogErrors.FirstAsync(
        Chunks, log.Task.Id, await Reader.ShapeAsync(log.Task.Id, 0, Cancel), Cancel);

    private async Task<LogHand> StartAsync(TaskLogLimits? limits = null)
    {
        await EnqueueAsync(await AddDeploymentAsync());
        return await LogHand.StartAsync(Queue, Services, Claims(), Cancel, limits);
    }
}
