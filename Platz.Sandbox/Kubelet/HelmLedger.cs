using System.Text.Json;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>One run of helm, or of a script in its place.</summary>
public sealed record HelmRun(
    long Id,
    string Namespace,
    string Pod,
    string PodUid,
    IReadOnlyList<string> Arguments,
    bool Scripted,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt = null,
    int? ExitCode = null);

/// <summary>
/// Every helm run that began and how it ended, so that a test can tell how often a chart was applied.
/// </summary>
public sealed class HelmLedger(string? file, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, HelmRun> _runs = Read(file);

    public IReadOnlyList<HelmRun> Runs
    {
        get
        {
            lock (_gate)
            {
                return [.. _runs.Values.OrderBy(run => run.Id)];
            }
        }
    }

    internal HelmRun Begin(StoredObject pod, IReadOnlyList<string> arguments, bool scripted)
    {
        lock (_gate)
        {
            var id = _runs.Count + 1;
            var run = new HelmRun(id, pod.Namespace, pod.Name, pod.Uid, arguments, scripted, clock.GetUtcNow());
            Note(run);
            return run;
        }
    }

    internal void End(HelmRun run, int exitCode)
    {
        lock (_gate)
        {
            Note(run with { FinishedAt = clock.GetUtcNow(), ExitCode = exitCode });
        }
    }

    private void Note(HelmRun run)
    {
        _runs[run.Id] = run;
        if (file is not null)
        {
            File.AppendAllText(file, JsonSerializer.Serialize(run, JsonExtensions.Compact) + "\n");
        }
    }

    private static Dictionary<long, HelmRun> Read(string? file)
    {
        var runs = new Dictionary<long, HelmRun>();
        foreach (var line in file is not null && File.Exists(file) ? File.ReadLines(file) : [])
        {
            try
            {
                var run = JsonSerializer.Deserialize<HelmRun>(line, JsonExtensions.Compact)!;
                runs[run.Id] = run;
            }
            catch (JsonException)
            {
                // the last line of a killed process may be torn
            }
        }

        return runs;
    }
}
