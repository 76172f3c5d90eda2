using Platz.Chaos;
using Platz.Chaos.Helm;
using Platz.Chaos.Leases;
using Platz.Chaos.Queue;
using Platz.Chaos.Races;
using Platz.Chaos.Runners;

if (args is [NoOpRunner.Command])
{
    return await NoOpRunner.RunAsync();
}

if (args is [WholeRunner.Command])
{
    return await WholeRunner.RunAsync();
}

IPart[] parts = [new QueuePart(), new CancelRaces(), new ClaimRaces(), new TakeoverPart(), new DrainPart(), new HelmPart()];
if (ChaosArguments.Read(args) is not { } arguments || parts.FirstOrDefault(p => p.Name == arguments.Part) is not { } part)
{
    Console.Error.WriteLine("Platz.Chaos [PART] [--seed N] [--minutes N] [--kills N] [--rounds N], where PART is one of:");
    foreach (var known in parts)
    {
        Console.Error.WriteLine($"  {known.Name,-9} {known.About}");
    }

    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var folder = Directory.CreateTempSubdirectory("platz-chaos-").FullName;
try
{
    var report = await part.RunAsync(arguments, folder, stop.Token);
    await report.TellAsync(arguments, Console.Out);
    return report.Holds ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
