using Platz.Bench;
using Platz.Bench.Day;
using Platz.Bench.Helm;
using Platz.Bench.Latency;
using Platz.Bench.Live;
using Platz.Bench.Pages;
using Platz.Bench.Queue;
using Platz.Bench.Start;

IBench[] benches =
[
    new PagesBench(), new LiveBench(), new HistoryBench(), new QueueBench(), new LatencyBench(), new LogBench(), new HelmBench(),
    new StartBench(), new DayBench(),
];

if (BenchArguments.Read(args) is not { } arguments || benches.FirstOrDefault(b => b.Name == arguments.Name) is not { } bench)
{
    Console.Error.WriteLine("Platz.Bench NAME [--option VALUE ...], where NAME is one of:");
    foreach (var known in benches)
    {
        Console.Error.WriteLine($"  {known.Name,-8} {known.About}");
    }

    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var report = await bench.RunAsync(arguments, stop.Token);
report.Print(Console.Out);
await report.SaveAsync(arguments, stop.Token);
Console.WriteLine(report.Headline);
return report.IsWithin ? 0 : 1;
