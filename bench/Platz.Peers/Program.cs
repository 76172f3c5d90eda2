using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Platz.Peers;

// hangfire|quartz drain|listen|send|both JOBS KEYS WORKERS-OR-RATE: the words of bench/queues/peer.mjs, and "both" for
// one process that listens and sends.
var (name, command) = (args[0], args[1]);
var numbers = args[2..].Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
var (jobs, keys, workers, rate) = (numbers[0], numbers[1], numbers[2], numbers[^1]);
await using IQueue queue = name switch
{
    "hangfire" => new HangfireQueue(Database(), workers),
    "quartz" => new QuartzQueue(Database(), keys, workers),
    _ => throw new ArgumentException($"There is no queue {name} here."),
};
var finished = Ledger.ExpectAsync(jobs);
switch (command)
{
    case "drain":
        await queue.InstallAsync();
        await queue.FillAsync([.. Enumerable.Range(0, jobs).Select(Next)]);
        Console.WriteLine("filled");
        Console.ReadLine();
        await queue.WorkAsync();
        break;
    case "send":
        await PaceAsync();
        return;
    default:
        await queue.InstallAsync();
        await queue.WorkAsync();
        Console.WriteLine("ready");
        await (command == "both" ? PaceAsync() : Task.CompletedTask);
        break;
}

await finished;
foreach (var line in Ledger.Lines(ofStarts: command != "drain"))
{
    Console.WriteLine(line);
}

Job Next(int number) => new(number % keys, number, Ledger.Now);

// Each at its time, however long the one before took.
async Task PaceAsync()
{
    var began = Stopwatch.StartNew();
    for (var number = 0; number < jobs; number++)
    {
        var wait = TimeSpan.FromSeconds((double)number / rate) - began.Elapsed;
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        await queue.SendAsync(Next(number));
    }
}

// As PostgreSQL's own clients find it.
static string Database() => new NpgsqlConnectionStringBuilder
{
    Host = Environment.GetEnvironmentVariable("PGHOST"),
    Port = int.Parse(Environment.GetEnvironmentVariable("PGPORT") ?? "5432", CultureInfo.InvariantCulture),
    Username = Environment.GetEnvironmentVariable("PGUSER"),
    Password = Environment.GetEnvironmentVariable("PGPASSWORD"),
    Database = Environment.GetEnvironmentVariable("PGDATABASE"),
}.ConnectionString;
