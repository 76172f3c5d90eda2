using System.Diagnostics;
using System.Globalization;

namespace Platz.Bench.Live;

/// <summary>What a process uses, as the kernel counts it.</summary>
/// <param name="heapFile">Where <see cref="StartupHook"/> answers.</param>
internal sealed class ProcessGauge(int pid, string heapFile)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    private long _since = Stopwatch.GetTimestamp();
    private double _used = Seconds(pid);

    /// <summary>Processor time by wall time since the last reading: 1 is one core.</summary>
    public double Cores()
    {
        var (now, used) = (Stopwatch.GetTimestamp(), Seconds(pid));
        var cores = (used - _used) / Stopwatch.GetElapsedTime(_since, now).TotalSeconds;
        (_since, _used) = (now, used);
        return cores;
    }

    /// <summary>Bytes of it that no other process shares, in memory now.</summary>
    public long Memory() => 1024 * File.ReadLines($"/proc/{pid}/smaps_rollup")
        .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));

    /// <summary>
    /// Bytes in memory now that are of no file. Nearly as good as <see cref="Memory"/> for how much it grows, and told at
    /// once: for the other the kernel walks through all pages, which is not to be done beside what is being measured.
    /// </summary>
    public long Anonymous()
    {
        var pages = File.ReadAllText($"/proc/{pid}/statm").Split(' ');
        return (long)(Number(pages[1]) - Number(pages[2])) * Environment.SystemPageSize;
    }

    /// <summary>Bytes of managed objects that are in use, after all garbage was collected.</summary>
    public async Task<long> HeapAsync(CancellationToken cancel)
    {
        File.Delete(heapFile);
        using var kill = Process.Start("sh", ["-c", $"kill -USR1 {pid}"]);
        await kill.WaitForExitAsync(cancel);
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException("The web process has gone.");
        }

        while (!File.Exists(heapFile))
        {
            await Task.Delay(50, cancel);
        }

        return long.Parse(await File.ReadAllTextAsync(heapFile, cancel), CultureInfo.InvariantCulture);
    }

    private static double Seconds(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
