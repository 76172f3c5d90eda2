using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Events;
using Platz.Web.Live;

namespace Platz.Tests.Web.Events;

public sealed class EventStreamTests
{
    private readonly ChangeFeed _changes = new(
        new Changes(NpgsqlDataSource.Create("Host=nowhere"), NullLogger<Changes>.Instance, TimeProvider.System),
        TimeProvider.System, NullLogger<ChangeFeed>.Instance);

    [Fact]
    public void What_is_kept_is_given_by_number_and_what_is_not_is_told_apart()
    {
        using var stream = new EventStream(_changes, kept: 10);
        var begin = stream.End;
        Tell(10);

        Assert.Equal([1, 2, 3], stream.After(begin, 3)!.Select(e => e.Sequence));
        Assert.Equal([8, 9, 10], stream.After(begin with { Sequence = 7 }, 100)!.Select(e => e.Sequence));
        Assert.Empty(stream.After(stream.End, 100)!);
        Assert.False(stream.LeavesBehind(begin));

        Tell(1);
        Assert.Null(stream.After(begin, 100));
        Assert.True(stream.LeavesBehind(begin));
        Assert.Equal([2, 3], stream.After(begin with { Sequence = 1 }, 2)!.Select(e => e.Sequence));
        Assert.Null(stream.After(begin with { Sequence = 12 }, 100));

        _changes.Hear(null);
        Assert.NotEqual(begin.Stream, stream.End.Stream);
        Assert.Null(stream.After(begin with { Sequence = 11 }, 100));
        Assert.False(stream.LeavesBehind(begin));
    }

    [Fact]
    public async Task Who_takes_nothing_is_sent_away()
    {
        using var stream = new EventStream(_changes, kept: 10);
        var client = new StuckClient();
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var session = new HubSession(stream, client, new HashSet<Guid>(), TimeProvider.System, NullLogger.Instance)
        {
            Rights = _ => Task.FromResult<Grants?>(Grants.None with { SiteAdmin = true }),
            Abort = cut.SetResult,
        };
        var running = session.RunAsync();
        await session.SubscribeAsync([new("deployment_kinds", null)], after: null);

        Tell(1);
        await client.IsStuck.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Tell(10);
        Assert.False(cut.Task.IsCompleted);
        Tell(1);
        await cut.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal("too_slow", client.Reason?.Code);
        client.LetGo.SetResult();
        await running;
        Assert.Equal(1, client.Heard);
    }

    [Fact]
    public async Task Rights_are_read_again_when_they_may_have_changed_and_not_because_somebody_else_signs_in()
    {
        var own = Guid.NewGuid();
        using var stream = new EventStream(_changes, kept: 10);
        var reads = 0;
        using var session = new HubSession(
            stream, new StuckClient(), new HashSet<Guid> { own }, new FakeTimeProvider(), NullLogger.Instance)
        {
            Rights = _ => Task.FromResult<Grants?>(Grants.None with { SiteAdmin = ++reads == 0 }),
            Abort = () => { },
        };
        var running = session.RunAsync();
        foreach (var table in new[] { "users", "bots", "sessions", "api_tokens", "envs" })
        {
            foreach (var (rows, isRead) in new (ChangedRow[]?, bool)[]
            {
                ([new(Guid.NewGuid(), null)], table is "envs"), ([new(Guid.NewGuid(), null), new(own, null)], true),
                (null, true),
            })
            {
                await session.SubscribeAsync([new("deployment_kinds", null)], after: null);
                var before = reads;
                _changes.Hear(new Change(table, null, rows));
                await session.SubscribeAsync([new("deployment_kinds", null)], after: null);
                Assert.Equal((table, rows?.Length, isRead), (table, rows?.Length, reads > before));
            }
        }

        session.Dispose();
        await running;
    }

    private void Tell(int events)
    {
        for (var i = 0; i < events; i++)
        {
            _changes.Hear(new Change("deployment_kinds", null, [new(Guid.NewGuid(), null)]));
        }
    }

    /// <summary>Takes one event and no other, as one does that has stopped reading.</summary>
    private sealed class StuckClient : IEventsClient
    {
        public TaskCompletionSource IsStuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Heard { get; private set; }

        public EndReason? Reason { get; private set; }

        public Task Changed(NumberedEvent change)
        {
            Heard++;
            IsStuck.TrySetResult();
            return LetGo.Task;
        }

        public Task Reached(EventPosition position) => LetGo.Task;

        public Task Reset(EventPosition position) => LetGo.Task;

        public Task Ending(EndReason reason)
        {
            Reason = reason;
            return LetGo.Task;
        }
    }
}
