using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Data;
using Platz.Web.Live;

namespace Platz.Tests.Web.Live;

public sealed class SharedReadsTests : IDisposable
{
    private static readonly Guid s_env = Guid.NewGuid();

    private readonly FakeTimeProvider _clock = new();
    private readonly ChangeFeed _feed;
    private readonly SharedReads _reads;
    private int _queries;

    public SharedReadsTests()
    {
        _feed = new ChangeFeed(null!, _clock, NullLogger<ChangeFeed>.Instance);
        _reads = new SharedReads(_feed, _clock);
    }

    public void Dispose() => _feed.Dispose();

    [Fact]
    public void Fifty_circuits_that_show_the_same_read_it_once_for_a_change()
    {
        var shown = new CountdownEvent(50);
        for (var i = 0; i < 50; i++)
        {
            var circuit = new TaskFeed(_feed, _reads, new Visibility());
            circuit.Subscribe(new Topic.Env(s_env), async since =>
            {
                Assert.Equal("rows", await circuit.ReadAsync(("page", 1), since, QueryAsync));
                shown.Signal();
            });
        }

        _feed.Publish(new Change("deployment_tasks", s_env, null));

        Assert.True(shown.Wait(TimeSpan.FromSeconds(10), Xunit.TestContext.Current.CancellationToken));
        Assert.Equal(1, _queries);
    }

    [Fact]
    public async Task A_read_that_began_before_a_change_is_not_shared_with_who_is_told_of_it()
    {
        var slow = new TaskCompletionSource<string>();
        _feed.Publish(null);
        var first = _reads.ReadAsync("page", _feed.Sequence, () => slow.Task);

        _feed.Publish(null);
        Assert.Equal("rows", await _reads.ReadAsync("page", _feed.Sequence, QueryAsync));
        slow.SetResult("older rows");

        Assert.Equal("older rows", await first);
        Assert.Equal("rows", await _reads.ReadAsync("page", _feed.Sequence, QueryAsync));
        Assert.Equal(1, _queries);
    }

    [Fact]
    public async Task Other_views_and_whoever_has_changed_something_read_for_themselves()
    {
        await _reads.ReadAsync(("page", 1), 0, QueryAsync);
        await _reads.ReadAsync(("page", 2), 0, QueryAsync);
        await _reads.ReadAsync(("page", 1), null, QueryAsync);

        Assert.Equal(3, _queries);
    }

    [Fact]
    public async Task A_read_that_failed_is_not_given_to_the_next()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _reads.ReadAsync<string>("page", 0, () => throw new InvalidOperationException("no database")));
        while (_reads.Count > 0)
        {
            await Task.Yield();
        }

        Assert.Equal("rows", await _reads.ReadAsync("page", 0, QueryAsync));
    }

    [Fact]
    public async Task What_nobody_asks_for_any_more_is_let_go()
    {
        await _reads.ReadAsync("page", 0, QueryAsync);
        Assert.Equal(1, _reads.Count);

        for (var i = 0; i < 1000 && _reads.Count > 0; i++)
        {
            _clock.Advance(SharedReads.Kept); // it may not have begun to wait yet
            await Task.Delay(1, Xunit.TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, _reads.Count);
    }

    private async Task<string> QueryAsync()
    {
        Interlocked.Increment(ref _queries);
        await Task.Yield();
        return "rows";
    }
}
