using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;

namespace Platz.Peers;

/// <summary>Hangfire on PostgreSQL. It knows no keys: nothing keeps jobs of one apart.</summary>
internal sealed class HangfireQueue(string database, int workers) : IQueue
{
    private readonly PostgreSqlStorage _storage = Storage(database);

    private BackgroundJobServer? _server;

    public Task InstallAsync() => Task.CompletedTask; // the storage has done so

    public Task FillAsync(IReadOnlyCollection<Job> jobs) => Parallel.ForEachAsync(
        jobs, new ParallelOptions { MaxDegreeOfParallelism = 4 }, (job, _) => new ValueTask(SendAsync(job)));

    public Task SendAsync(Job job)
    {
        new BackgroundJobClient(_storage).Enqueue(() => Run(job.Key, job.Number, job.Queued));
        return Task.CompletedTask;
    }

    public Task WorkAsync()
    {
        _server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = workers }, _storage);
        return Task.CompletedTask;
    }

    /// <summary>The job. Public, as Hangfire wants it.</summary>
    public static void Run(int key, int number, double queued) =>
        Ledger.Note(new Job(key, number, queued), claimed: null, Ledger.Now);

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static PostgreSqlStorage Storage(string database)
    {
        // A NOTIFY wakes it instead of the next look at the table.
        var options = new PostgreSqlStorageOptions { EnableLongPolling = true };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(database, options), options);
    }
}
