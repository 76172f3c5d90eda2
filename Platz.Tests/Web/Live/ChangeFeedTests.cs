using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Data;
using Platz.Web.Live;

namespace Platz.Tests.Web.Live;

public sealed class ChangeFeedTests : IAsyncDisposable
{
    private static readonly Guid s_env = Guid.NewGuid();
    private static readonly Guid s_deployment = Guid.NewGuid();

    private readonly FakeTimeProvider _clock = new();
    private readonly ChangeFeed _feed;
    private readonly Visibility _visibility = new();
    private readonly SemaphoreSlim _told = new(0);

    public ChangeFeedTests() => _feed = new ChangeFeed(null!, _clock, NullLogger<ChangeFeed>.Instance);

    public ValueTask DisposeAsync()
    {
        _feed.Dispose();
        _told.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_change_is_told_at_once_and_a_burst_once_more_when_the_pause_is_over()
    {
        using var subscription = Subscribe();
        _feed.Publish(TaskChange(s_deployment));
        await ToldAsync();

        for (var i = 0; i < 100; i++)
        {
            _feed.Publish(TaskChange(s_deployment));
        }

        _clock.Advance(ChangeFeed.Pause / 2);
        Assert.False(await ToldWithinAsync(50));

        await PassThePauseAsync();
        Assert.False(await PassThePauseAsync(expectNews: false));
    }

    [Fact]
    public async Task A_change_that_comes_while_a_page_reads_is_told_after_it()
    {
        var reading = new TaskCompletionSource();
        using var subscription = SubscribeReading(reading.Task);
        _feed.Publish(TaskChange(s_deployment));
        await ToldAsync();
        _feed.Publish(TaskChange(s_deployment));

        reading.SetResult();

        await PassThePauseAsync();
    }

    [Fact]
    public async Task A_page_that_takes_long_to_refresh_is_told_less_often()
    {
        var took = 2 * ChangeFeed.Pause;
        var reading = new TaskCompletionSource();
        using var subscription = SubscribeReading(reading.Task);
        _feed.Publish(TaskChange(s_deployment));
        await ToldAsync();
        _feed.Publish(TaskChange(s_deployment));
        _clock.Advance(took);
        var ended = _clock.GetUtcNow();

        reading.SetResult();

        await PassThePauseAsync();
        Assert.InRange(_clock.GetUtcNow() - ended, 2 * took, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Who_wants_to_be_told_less_often_is_and_of_the_first_change_at_once()
    {
        using var subscription = Subscribe(pause: 4 * ChangeFeed.Pause);
        _feed.Publish(TaskChange(s_deployment));
        await ToldAsync();
        var told = _clock.GetUtcNow();

        _feed.Publish(TaskChange(s_deployment));

        await PassThePauseAsync();
        Assert.InRange(_clock.GetUtcNow() - told, 4 * ChangeFeed.Pause, TimeSpan.MaxValue);
    }

    [Theory]
    [InlineData(0, 250)]
    [InlineData(120, 250)]
    [InlineData(300, 600)]
    [InlineData(60_000, 2_000)]
    public void The_pause_grows_with_what_a_refresh_takes_and_not_for_ever(int took, int pause) => Assert.Equal(
        TimeSpan.FromMilliseconds(pause), ChangeFeed.PauseAfter(TimeSpan.FromMilliseconds(took), ChangeFeed.Pause));

    [Fact]
    public async Task Nobody_is_told_of_what_they_do_not_show()
    {
        using var subscription = Subscribe();

        _feed.Publish(TaskChange(Guid.NewGuid()));
        _feed.Publish(new Change("deployments", s_env, [new ChangedRow(Guid.NewGuid(), null)]));
        _feed.Publish(new Change("deployment_tasks", Guid.NewGuid(), null)); // another env's, too many to name

        Assert.False(await ToldWithinAsync(50));
    }

    [Fact]
    public async Task Everybody_looks_again_after_a_lost_connection()
    {
        using var subscription = Subscribe();

        _feed.Publish(null);

        await ToldAsync();
    }

    [Fact]
    public async Task Changes_too_many_to_name_concern_every_page_of_their_env()
    {
        using var subscription = Subscribe();

        _feed.Publish(new Change("deployment_tasks", s_env, null));

        await ToldAsync();
    }

    [Fact]
    public async Task What_changed_between_a_read_and_its_subscription_is_told()
    {
        var sequence = _feed.Sequence;
        _feed.Publish(TaskChange(s_deployment));

        using var seen = Subscribe();
        Assert.False(await ToldWithinAsync(50));
        using var missed = Subscribe(since: sequence);
        await ToldAsync();
    }

    [Fact]
    public async Task A_page_that_fails_to_show_a_change_is_told_of_the_next()
    {
        var failures = 1;
        using var subscription = _feed.Subscribe(new Topic.Deployment(s_env, s_deployment), _visibility, _feed.Sequence, _ =>
        {
            _told.Release();
            return failures-- > 0 ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        });
        _feed.Publish(TaskChange(s_deployment));
        await ToldAsync();
        _feed.Publish(TaskChange(s_deployment));

        await PassThePauseAsync();
    }

    [Fact]
    public async Task A_closed_page_is_never_told_again()
    {
        var subscription = Subscribe();
        _feed.Publish(TaskChange(s_deployment));
        await ToldAsync();
        _feed.Publish(TaskChange(s_deployment));

        subscription.Dispose();
        subscription.Dispose();
        _feed.Publish(TaskChange(s_deployment));

        Assert.False(await PassThePauseAsync(expectNews: false));
    }

    [Fact]
    public async Task A_hidden_page_is_told_nothing_and_all_at_once_when_it_is_seen_again()
    {
        using var subscription = Subscribe();
        _visibility.Show(isHidden: true);
        for (var i = 0; i < 3; i++)
        {
            _feed.Publish(TaskChange(s_deployment));
        }

        Assert.False(await PassThePauseAsync(expectNews: false));

        _visibility.Show(isHidden: false);
        await ToldAsync();
        Assert.False(await PassThePauseAsync(expectNews: false));
    }

    private IDisposable Subscribe(long? since = null, TimeSpan? pause = null) => _feed.Subscribe(
        new Topic.Deployment(s_env, s_deployment), _visibility, since ?? _feed.Sequence, _ =>
        {
            _told.Release();
            return Task.CompletedTask;
        },
        pause);

    /// <summary>What it is told takes it as long as the reading.</summary>
    private IDisposable SubscribeReading(Task reading) => _feed.Subscribe(
        new Topic.Deployment(s_env, s_deployment), _visibility, _feed.Sequence, _ =>
        {
            _told.Release();
            return reading;
        });

    private static Change TaskChange(Guid deployment) =>
        new("deployment_tasks", s_env, [new ChangedRow(Guid.NewGuid(), deployment)]);

    private async Task ToldAsync() => Assert.True(await ToldWithinAsync(10_000));

    private Task<bool> ToldWithinAsync(int milliseconds) =>
        _told.WaitAsync(milliseconds, Xunit.TestContext.Current.CancellationToken);

    /// <summary>The feed may not have begun its pause yet, so the clock goes on until there is news.</summary>
    private async Task<bool> PassThePauseAsync(bool expectNews = true)
    {
        for (var i = 0; i < (expectNews ? 500 : 5); i++)
        {
            _clock.Advance(ChangeFeed.Pause);
            if (await ToldWithinAsync(20))
            {
                return true;
            }
        }

        Assert.False(expectNews, "The last change was never told.");
        return false;
    }
}
