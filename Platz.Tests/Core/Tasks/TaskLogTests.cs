using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

public sealed class TaskLogTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.UnixEpoch.AddYears(50);

    private TaskLog Log => Services.GetRequiredService<TaskLog>();

    [Fact]
    public async Task Lines_are_numbered_and_read_by_page()
    {
        var (task, writer) = await StartAsync();
        for (var i = 1; i <= 5; i++)
        {
            writer.AddOutput($"line {i}", s_at, Phase.HelmUpgrade);
        }

        Assert.True(await writer.FlushAsync(Cancel));

        Assert.Equal([4, 5], (await Log.TailAsync(task.Id, 2, Cancel)).Lines.Select(l => l.Seq));
        Assert.Equal(["line 3", "line 4"], (await Log.AfterAsync(task.Id, 2, 2, Cancel)).Lines.Select(l => l.Text));
    }

    [Fact]
    public async Task The_head_and_the_tail_are_kept_and_the_gap_is_counted()
    {
        var (task, writer) = await StartAsync(new TaskLogLimits(Head: 100, Tail: 1000));
        for (var i = 0; i < 1000; i++)
        {
            writer.AddOutput($"{i:000000000}", s_at, Phase.HelmUpgrade); // ten bytes with its line end
            if (i % 37 == 0)
            {
                await writer.FlushAsync(Cancel);
            }
        }

        await writer.CompleteAsync(Cancel);

        var kept = await Log.AfterAsync(task.Id, 0, 10_000, Cancel);
        Assert.InRange(kept.Lines.Count, 110, 111); // the tail is cut between blocks, which are of two lines here
        var missing = 1000 - kept.Lines.Count;
        Assert.Equal(new LogGap(AfterSeq: 10, missing, Bytes: 10 * missing), kept.Gap);
        Assert.Equal(Enumerable.Range(0, 10).Concat(Enumerable.Range(10 + missing, 990 - missing)).Select(i => $"{i:000000000}"),
            kept.Lines.Select(line => line.Text));
    }

    [Fact]
    public async Task A_successor_goes_on_where_the_last_writer_stopped()
    {
        var (task, writer) = await StartAsync();
        await Queue.EnterPhaseAsync(task, Phase.HelmUpgrade, null, Cancel);
        var lines = new TimedLines();
        lines.Add("one", s_at);
        writer.AddOutput(lines, Phase.HelmUpgrade, position: "5:1");
        await writer.FlushAsync(Cancel);
        await Queue.ReleaseAsync(task.Id, task.Fence, null, Cancel);
        var taken = Assert.Single(await Queue.RescueAsync(Claims(owner: "runner-2"), Cancel));

        var next = await Log.OpenAsync(taken.Id, taken.Fence, new(1000, 1000), new Redactor([]), Cancel);

        Assert.Equal("5:1", await next.PositionAsync(Phase.HelmUpgrade, Cancel));
        next.AddOutput("two", s_at, Phase.HelmUpgrade);
        Assert.True(await next.FlushAsync(Cancel));
        Assert.Equal([("one", 1L, 0L), ("two", 2L, 4L)],
            (await Log.TailAsync(task.Id, 10, Cancel)).Lines.Select(l => (l.Text, l.Seq, l.BytesBefore)));
    }

    [Fact]
    public async Task Many_lines_are_few_rows_and_read_as_lines_from_anywhere()
    {
        var (task, writer) = await StartAsync();
        for (var i = 1; i <= 1000; i++)
        {
            writer.AddOutput($"line {i}", s_at.AddSeconds(i), i <= 300 ? Phase.Namespace : Phase.HelmUpgrade);
        }

        writer.AddNote("that was all", s_at, Phase.HelmUpgrade);
        Assert.True(await writer.FlushAsync(Cancel));

        Assert.Equal(6, await NumberAsync("SELECT count(*) FROM deployment_task_logs"));
        foreach (var (after, count) in new[] { (0, 1), (0, 256), (255, 2), (256, 300), (299, 2), (555, 256), (998, 10) })
        {
            var lines = (await Log.AfterAsync(task.Id, after, count, Cancel)).Lines;
            Assert.Equal(Expected(after + 1, Math.Min(count, 1001 - after)), lines.Select(Shown));
        }

        foreach (var count in new[] { 1, 2, 189, 190, 500, 2000 })
        {
            var lines = (await Log.TailAsync(task.Id, count, Cancel)).Lines;
            Assert.Equal(Expected(Math.Max(1, 1002 - count), Math.Min(count, 1001)), lines.Select(Shown));
        }

        static (long, string, DateTimeOffset) Shown(TaskLogLine line) => (line.Seq, line.Text, line.At);
        static IEnumerable<(long, string, DateTimeOffset)> Expected(int first, int count) =>
            Enumerable.Range(first, count)
                .Select(i => i == 1001 ? (1001L, "that was all", s_at) : ((long)i, $"line {i}", s_at.AddSeconds(i)));
    }

    [Fact]
    public async Task Lines_come_in_while_others_are_being_stored()
    {
        var (task, writer) = await StartAsync();
        writer.AddOutput("one", s_at, Phase.HelmUpgrade);
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await db.Database.ExecuteSqlAsync($"SELECT FROM task_queue WHERE task_id = {task.Id} FOR UPDATE", Cancel);
        var storing = writer.StoreAsync(Cancel);

        writer.AddOutput("two", s_at, Phase.HelmUpgrade);

        Assert.False(storing.IsCompleted);
        await transaction.CommitAsync(Cancel);
        Assert.True(await storing);
        Assert.Equal(["one"], (await Log.TailAsync(task.Id, 10, Cancel)).Lines.Select(l => l.Text));
        Assert.True(await writer.StoreAsync(Cancel));
        Assert.Equal(["one", "two"], (await Log.TailAsync(task.Id, 10, Cancel)).Lines.Select(l => l.Text));
    }

    /// <summary>It may have arrived: what has come since would be taken for said already.</summary>
    [Fact]
    public async Task What_could_not_be_sent_is_sent_again_as_it_was()
    {
        var (task, writer) = await StartAsync();
        writer.AddOutput("one", s_at, Phase.HelmUpgrade);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.StoreAsync(new CancellationToken(canceled: true)));
        writer.AddOutput("two", s_at, Phase.HelmUpgrade);

        Assert.True(await writer.StoreAsync(Cancel));
        Assert.Equal(["one"], (await Log.TailAsync(task.Id, 10, Cancel)).Lines.Select(l => l.Text));
        Assert.True(await writer.FlushAsync(Cancel));
        Assert.Equal(["one", "two"], (await Log.TailAsync(task.Id, 10, Cancel)).Lines.Select(l => l.Text));
    }

    [Fact]
    public async Task A_line_that_an_older_version_wrote_by_itself_is_read_with_the_others()
    {
        var (task, _) = await StartAsync();
        await ExecuteAsync($"""
            INSERT INTO deployment_task_logs (task_id, seq, at, phase, stream, text, bytes_before)
            VALUES ('{task.Id}', 1, '2020-01-01Z', 'helm-upgrade', 'Pod', 'one', 0)
            """);
        var next = await Log.OpenAsync(task.Id, task.Fence, new(1000, 1000), new Redactor([]), Cancel);
        next.AddOutput("two", s_at, Phase.HelmUpgrade);
        await next.FlushAsync(Cancel);

        Assert.Equal([("one", 1L, 0L), ("two", 2L, 4L)],
            (await Log.TailAsync(task.Id, 10, Cancel)).Lines.Select(l => (l.Text, l.Seq, l.BytesBefore)));
    }

    [Fact]
    public async Task A_writer_that_lost_its_lease_writes_nothing()
    {
        var (task, writer) = await StartAsync();
        await Queue.ReleaseAsync(task.Id, task.Fence, null, Cancel);
        await Queue.RescueAsync(Claims(owner: "runner-2"), Cancel);
        writer.AddOutput("late", s_at, Phase.HelmUpgrade);

        Assert.False(await writer.FlushAsync(Cancel));
        Assert.Empty((await Log.TailAsync(task.Id, 10, Cancel)).Lines);
    }

    [Fact]
    public async Task Secrets_are_redacted_on_their_way_in()
    {
        var (task, writer) = await StartAsync(redactor: new Redactor(["hunter2-hunter2"]));
        writer.AddNote("password is hunter2-hunter2!", s_at, Phase.HelmUpgrade);
        await writer.FlushAsync(Cancel);

        Assert.Equal("password is •••!", Assert.Single((await Log.TailAsync(task.Id, 1, Cancel)).Lines).Text);
    }

    private async Task<(DeploymentTask, TaskLogWriter)> StartAsync(
        TaskLogLimits? limits = null, Redactor? redactor = null)
    {
        await EnqueueAsync(await AddDeploymentAsync());
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        return (task, await Log.OpenAsync(
            task.Id, task.Fence, limits ?? new(256 * 1024, 4 * 1024 * 1024), redactor ?? new Redactor([]), Cancel));
    }
}
