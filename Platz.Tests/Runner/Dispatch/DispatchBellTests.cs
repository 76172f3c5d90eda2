using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Data;
using Platz.Runner.Dispatch;
using Platz.Tests.Support;
using Quartz;

namespace Platz.Tests.Runner.Dispatch;

/// <summary>What wakes the dispatch besides the trigger of every second, which is not there here.</summary>
public sealed class DispatchBellTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly SemaphoreSlim _woken = new(0);
    private ServiceProvider _quartz = null!;
    private DispatchBell _bell = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _quartz = new ServiceCollection().AddLogging().AddSingleton(_woken)
            .AddQuartz(quartz => quartz.AddJob<Woken>(job => job.WithIdentity(DispatchJob.Key).StoreDurably()))
            .BuildServiceProvider();
        var schedulers = _quartz.GetRequiredService<ISchedulerFactory>();
        await (await schedulers.GetScheduler(Cancel)).Start(Cancel);
        _bell = new DispatchBell(schedulers, Services.GetRequiredService<Changes>(), TimeProvider.System);
    }

    public override async ValueTask DisposeAsync()
    {
        _bell.Dispose();
        await (await _quartz.GetRequiredService<ISchedulerFactory>().GetScheduler(CancellationToken.None)).Shutdown();
        await _quartz.DisposeAsync();
        _woken.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Rings_wake_it_once_and_rings_while_it_looks_have_it_look_once_more()
    {
        for (var i = 0; i < 10; i++)
        {
            _bell.Ring();
        }

        await _woken.WaitAsync(Cancel);
        _bell.Answer();
        _bell.Ring();
        _bell.Ring();
        Assert.False(_bell.Rest());
        _bell.Answer();
        Assert.True(_bell.Rest());
        Assert.Equal(0, _woken.CurrentCount);

        _bell.Ring();
        await _woken.WaitAsync(Cancel);
    }

    [Fact]
    public async Task A_new_task_and_whatever_becomes_of_one_wakes_it()
    {
        await _bell.StartAsync(Cancel);
        await HearAsync(); // it listens now, and may have missed something
        await EnqueueAsync(await AddDeploymentAsync());
        await HearAsync();

        Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await HearAsync();
        await _bell.StopAsync(Cancel);
    }

    private async Task HearAsync()
    {
        await _woken.WaitAsync(Cancel);
        do
        {
            _bell.Answer();
        }
        while (!_bell.Rest());
    }

    private sealed class Woken(SemaphoreSlim woken) : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            woken.Release();
            return ValueTask.CompletedTask;
        }
    }
}
