using Npgsql;
using Platz.Core.Tasks;

namespace Platz.Tests.Core.Tasks;

/// <summary>Who is written with whom, and what each is told; a batch is under way until a test lets it end.</summary>
public sealed class GroupCommitTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);

    private readonly List<(int[] Items, TaskCompletionSource<IReadOnlySet<int>> End)> _batches = [];
    private readonly SemaphoreSlim _begun = new(0);
    private readonly GroupCommit<int> _group;

    public GroupCommitTests() => _group = new GroupCommit<int>(WriteAsync, most: 3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_meanwhile_is_written_together_as_far_as_a_batch_goes()
    {
        var first = _group.WriteAsync(0, Cancel);
        await BegunAsync();
        var others = Enumerable.Range(1, 4).Select(n => _group.WriteAsync(n, Cancel)).ToList();

        End(0);
        Assert.True(await first.WaitAsync(s_soon, Cancel));
        await BegunAsync();
        End(1, 2, 3);
        await BegunAsync();
        End(4);

        Assert.All(await Task.WhenAll(others).WaitAsync(s_soon, Cancel), Assert.True);
        Assert.Equal(["0", "1 2 3", "4"], _batches.Select(b => string.Join(' ', b.Items)));
    }

    [Fact]
    public async Task What_was_left_out_is_told_so()
    {
        var first = _group.WriteAsync(0, Cancel);
        await BegunAsync();
        var (second, third) = (_group.WriteAsync(1, Cancel), _group.WriteAsync(2, Cancel));
        End(0);
        await BegunAsync();
        End(2);

        var answers = await Task.WhenAll(first, second, third).WaitAsync(s_soon, Cancel);
        Assert.Equal([true, false, true], answers);
    }

    [Fact]
    public async Task What_is_not_wanted_any_more_is_not_begun_and_what_is_under_way_is_waited_for()
    {
        using var stop = new CancellationTokenSource();
        var underWay = _group.WriteAsync(0, stop.Token);
        await BegunAsync();
        var queued = _group.WriteAsync(1, stop.Token);
        var wanted = _group.WriteAsync(2, Cancel);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued.WaitAsync(s_soon, Cancel));
        Assert.False(underWay.IsCompleted);
        End(0);
        Assert.True(await underWay.WaitAsync(s_soon, Cancel));
        await BegunAsync();
        End(2);
        Assert.True(await wanted.WaitAsync(s_soon, Cancel));
        Assert.Equal(["0", "2"], _batches.Select(b => string.Join(' ', b.Items)));
    }

    [Fact]
    public async Task An_error_that_may_be_the_fault_of_one_sends_each_alone_and_any_other_is_told_to_all()
    {
        foreach (var (error, isTold) in new (Exception, bool)[]
        {
            (new PostgresException("no", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation), false),
            (new NpgsqlException("slow", new TimeoutException()), false),
            (new NpgsqlException("cut"), true),
            (new InvalidOperationException("bug"), true),
        })
        {
            var write = _group.WriteAsync(7, Cancel);
            await BegunAsync();
            _batches[^1].End.SetException(error);

            if (isTold)
            {
                Assert.Same(error, await Assert.ThrowsAnyAsync<Exception>(() => write.WaitAsync(s_soon, Cancel)));
            }
            else
            {
                Assert.False(await write.WaitAsync(s_soon, Cancel));
            }
        }
    }

    private Task<IReadOnlySet<int>> WriteAsync(IReadOnlyList<int> items)
    {
        var end = new TaskCompletionSource<IReadOnlySet<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _batches.Add(([.. items], end));
        _begun.Release();
        return end.Task;
    }

    private async Task BegunAsync() => Assert.True(await _begun.WaitAsync(s_soon, Cancel));

    private void End(params int[] written) => _batches[^1].End.SetResult(written.ToHashSet());
}
