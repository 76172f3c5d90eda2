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
        Assert.Equal(110, kept.Lines.Count);
        Assert.Equal(new LogGap(AfterSeq: 10, Lines: 890, Bytes: 8900), kept.Gap);
        Assert.Equal("000000999", kept.Lines[^1].Text);
    }

    [Fact]
    public async Task A_successor_goes_on_where_the_last_writer_stopped()
    {
        var (task, writer) = await StartAsync();
        await Queue.EnterPhaseAsync(task, Phase.HelmUpgrade, null, Cancel);
        writer.AddOutput("one", s_at, Phase.HelmUpgrade);
        writer.MoveTo("5:1");
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
