using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platz.Chaos.Schedules;

/// <summary>What a campaign is asked for.</summary>
/// <param name="Seed">The whole schedule follows from it and the two numbers beside it.</param>
internal sealed record FaultPlan(int Seed, int Kills, TimeSpan Lasts, TimeSpan Lease)
{
    public const int FewestRunners = 2;

    /// <summary>How many there are at most; at least <see cref="FewestRunners"/>.</summary>
    public int Runners { get; init; } = 8;

    /// <summary>In milliseconds, from when a runner works until it is killed.</summary>
    private const int LongestWait = 700;

    /// <summary>How many tasks are in the queue at most.</summary>
    public int MostLive { get; init; } = 150;

    /// <summary>Which part of the kills waits for nothing; the others let their runner begin a task first.</summary>
    public double AtOnce { get; init; } = 0.25;

    private const double StopsPerKill = 0.15;
    private const double TerminationsPerKill = 0.05;
    private const double DisconnectsPerKill = 0.04;
    private const double RestartsPerKill = 0.012;

    /// <summary>How often the number of runners changes.</summary>
    private static readonly TimeSpan s_resize = TimeSpan.FromSeconds(20);

    /// <summary>When what happens to whom; the same for the same plan, whatever the machine does.</summary>
    public IReadOnlyList<Fault> Draw()
    {
        var random = new Random(Seed); // a seed gives the same numbers with every version of .NET
        var faults = new List<Fault>();
        for (var at = TimeSpan.Zero; at < Lasts; at += s_resize)
        {
            faults.Add(new Fault(at, FaultKind.Resize, random.Next(FewestRunners, Runners + 1)));
        }

        faults.AddRange(Others(random, [.. faults]));
        return [.. faults.OrderBy(f => f.At)];
    }

    /// <summary>A few letters that tell two schedules apart.</summary>
    public static string Digest(IEnumerable<Fault> faults) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', faults.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f}"))))))[..12];

    private List<Fault> Others(Random random, List<Fault> sizes)
    {
        var faults = new List<Fault>();
        for (var left = Kills; left > 0;)
        {
            // One in eight takes several with it, all at the same moment.
            var at = Moment(random);
            var size = SizeAt(sizes, at);
            var group = Math.Min(left, random.Next(8) == 0 ? random.Next(2, size + 1) : 1);
            var first = random.Next(size);
            var (atOnce, after) = (random.NextDouble() < AtOnce, TimeSpan.FromMilliseconds(random.Next(LongestWait)));
            faults.AddRange(Enumerable.Range(0, group).Select(
                i => new Fault(at, FaultKind.Kill, (first + i) % size, atOnce ? TimeSpan.Zero : after) { AtOnce = atOnce }));
            left -= group;
        }

        Add(StopsPerKill, at => new Fault(
            at, FaultKind.Stop, random.Next(SizeAt(sizes, at)), Lease * (0.25 + (random.NextDouble() * 1.75))));
        Add(TerminationsPerKill, at => new Fault(at, FaultKind.Terminate, random.Next(SizeAt(sizes, at))));
        Add(DisconnectsPerKill, at => new Fault(at, FaultKind.Disconnect));
        Add(RestartsPerKill, at => new Fault(at, FaultKind.RestartPostgres));
        return faults;

        void Add(double perKill, Func<TimeSpan, Fault> make)
        {
            for (var left = (int)Math.Ceiling(Kills * perKill); left > 0; left--)
            {
                faults.Add(make(Moment(random)));
            }
        }
    }

    /// <summary>Not in the first seconds, when nothing runs yet.</summary>
    private TimeSpan Moment(Random random) =>
        TimeSpan.FromMilliseconds((int)((0.02 + (random.NextDouble() * 0.98)) * Lasts.TotalMilliseconds));

    private static int SizeAt(List<Fault> sizes, TimeSpan at) => sizes.Last(s => s.At <= at).Place;
}
