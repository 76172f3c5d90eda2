using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace Platz.Peers;

/// <summary>
/// Quartz, clustered, on PostgreSQL: a durable job for each key and a trigger for each task. Jobs may run beside
/// themselves, which is the faster way; nothing keeps those of one key apart then.
/// </summary>
internal sealed class QuartzQueue : IQueue
{
    private const string Number = "number", Queued = "queued";

    private readonly ServiceProvider _services;
    private readonly int _keys;
    private IScheduler? _scheduler;

    public QuartzQueue(string database, int keys, int workers)
    {
        _keys = keys;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddQuartz(quartz =>
        {
            quartz.UseDefaultThreadPool(workers);
            quartz.ConfigureScheduler(options => options.IdleWaitTime = TimeSpan.FromSeconds(1)); // the least it takes
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, database);
                store.UseSystemTextJsonSerializer();
                store.UseClustering();
                store.ProvisionSchema();
                store.ConfigureStore(options => options.MisfireThreshold = TimeSpan.FromHours(1)); // all wait a while
            });
        });
        _services = services.BuildServiceProvider();
    }

    public async Task InstallAsync()
    {
        var scheduler = await SchedulerAsync();
        await scheduler.Start(); // makes the tables
        await scheduler.Standby();
        for (var key = 0; key < _keys; key++)
        {
            await scheduler.AddJob(JobBuilder.Create<NoOp>().WithIdentity(KeyOf(key)).StoreDurably().Build());
        }
    }

    public async Task FillAsync(IReadOnlyCollection<Job> jobs)
    {
        foreach (var job in jobs)
        {
            await SendAsync(job);
        }
    }

    public async Task SendAsync(Job job) => await (await SchedulerAsync()).ScheduleJob(
        TriggerBuilder.Create().WithIdentity($"{job.Number}").ForJob(KeyOf(job.Key))
            .UsingJobData(Number, $"{job.Number}")
            .UsingJobData(Queued, job.Queued.ToString("R", CultureInfo.InvariantCulture))
            .StartNow().Build());

    public async Task WorkAsync() => await (await SchedulerAsync()).Start();

    public async ValueTask DisposeAsync()
    {
        if (_scheduler is not null)
        {
            await _scheduler.Shutdown(waitForJobsToComplete: true);
        }

        await _services.DisposeAsync();
    }

    private static JobKey KeyOf(int key) => new($"{key}");

    private async Task<IScheduler> SchedulerAsync() =>
        _scheduler ??= await _services.GetRequiredService<ISchedulerFactory>().GetScheduler();

    private sealed class NoOp : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            var begun = Ledger.Now;
            var data = context.Trigger.JobDataMap;
            var job = new Job(
                int.Parse(context.JobDetail.Key.Name, CultureInfo.InvariantCulture),
                int.Parse(data.GetString(Number)!, CultureInfo.InvariantCulture),
                double.Parse(data.GetString(Queued)!, CultureInfo.InvariantCulture));
            Ledger.Note(job, Ledger.Seconds(context.FireTimeUtc), begun);
            return ValueTask.CompletedTask;
        }
    }
}
