using System.Net;
using System.Net.Sockets;
using Npgsql;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

/// <summary>
/// One fault at any exchange of an operation with database, cluster or ingress, whichever it is: what comes out is what
/// an undisturbed run leaves (faults.md 5, L2). A few of the places each time, until a fault has come to pass; all of
/// them with <c>PLATZ_SWEEP=all</c>.
/// </summary>
public sealed class FaultSweepTests(PostgresServer postgres, ChartRegistry registry) : EveryOperationTest(postgres, registry)
{
    private const int Sample = 4;
    private const int Together = 10;

    private static readonly bool s_all = Environment.GetEnvironmentVariable("PLATZ_SWEEP") == "all";

    private readonly Dictionary<string, FaultyWire> _wires = [];

    public static TheoryData<string> Kinds => [.. OperationPhases.Kinds];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Settings["ConnectionStrings:Platz"] = OverWire();
        foreach (var (key, cluster) in new[] { ("Clusters:0", Sandbox), ("Clusters:1", Other) })
        {
            var wire = _wires[Settings[$"{key}:Name"]!] = new FaultyWire(new IPEndPoint(IPAddress.Loopback, new Uri(cluster.Url).Port));
            var kubeconfig = Path.Combine(cluster.Folder, "kubeconfig-over-wire");
            await File.WriteAllTextAsync(
                kubeconfig, cluster.KubeconfigText.Replace(cluster.Url, $"https://127.0.0.1:{wire.Port}", StringComparison.Ordinal), Cancel);
            Settings[$"{key}:Kubeconfig"] = kubeconfig;
        }

        var ingress = _wires["ingress"] = new FaultyWire(IPEndPoint.Parse(Sandbox.IngressAddress));
        Settings["Clusters:0:IngressAddress"] = $"127.0.0.1:{ingress.Port}";
        Settings["Registries:PollInterval"] = "00:10:00"; // nothing else happens on the wires than the operation
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var wire in _wires.Values)
        {
            await wire.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task One_fault_anywhere_changes_nothing_about_the_end(string kind)
    {
        await StartRunnerAsync();
        var (expected, places) = await UndisturbedAsync(kind);
        var (wrong, met) = (new List<string>(), 0);
        var tried = 0;
        foreach (var batch in s_all ? places.Chunk(Together) : Shuffled(places).Chunk(Sample))
        {
            if (!s_all && met > 0)
            {
                break;
            }

            var subjects = batch.Select(place => (Place: place, Subject: new Subject(kind, $"{place}"))).ToList();
            await PrepareAsync(subjects.ConvertAll(s => s.Subject));
            foreach (var (place, subject) in subjects)
            {
                _wires[place.Wire].Arm((place.Exchange, place.Fault));
                subject.TaskId = await QueueAsync(subject);
                if (await WrongAsync(subject, place, expected) is { } how)
                {
                    wrong.Add($"{place}: {how}");
                }

                met += _wires[place.Wire].IsArmed ? 0 : 1; // the last ones of a run are not in each
                tried++;
            }
        }

        Xunit.TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {met} of {tried} faults, of {places.Count}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {tried}: {string.Join('\n', wrong)}");
        Assert.NotEqual(0, met);
    }

    private static Place[] Shuffled(List<Place> places)
    {
        Place[] shuffled = [.. places];
        Random.Shared.Shuffle(shuffled);
        return shuffled;
    }

    private async Task<(End End, List<Place> Places)> UndisturbedAsync(string kind)
    {
        var subject = new Subject(kind, "undisturbed");
        await PrepareAsync([subject]);
        foreach (var wire in _wires.Values)
        {
            wire.Arm(null);
        }

        subject.TaskId = await QueueAsync(subject);
        var end = await EndAsync(subject);
        Assert.Equal(DeploymentTaskStatus.Done, end.Status);
        return (end,
        [
            .. from wire in _wires
               from exchange in Enumerable.Range(1, wire.Value.Exchanges)
               from fault in Enum.GetValues<WireFault>()
               select new Place(wire.Key, exchange, fault),
        ]);
    }

    private async Task<string?> WrongAsync(Subject subject, Place place, End expected)
    {
        try
        {
            var end = await EndAsync(subject);
            var isLost = place.Wire is "ingress" && end is { Status: DeploymentTaskStatus.Failed, Calls: <= 1 };
            return isLost || end == expected with { Attempt = end.Attempt } ? null : $"{end}\nnot {expected}";
        }
        catch (TimeoutException)
        {
            return "it never ended";
        }
    }

    private string OverWire()
    {
        var own = new NpgsqlConnectionStringBuilder(ConnectionString);
        EndPoint server = own.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint($"{own.Host}/.s.PGSQL.{own.Port}")
            : new DnsEndPoint(own.Host, own.Port);
        var wire = _wires["database"] = new FaultyWire(server);
        (own.Host, own.Port) = ("127.0.0.1", wire.Port);
        return own.ConnectionString;
    }

    private sealed record Place(string Wire, int Exchange, WireFault Fault)
    {
        public override string ToString() => $"{Wire}-{Exchange}-{Fault}".ToLowerInvariant();
    }
}
