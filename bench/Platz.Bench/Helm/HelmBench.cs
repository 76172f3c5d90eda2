using System.Diagnostics;
using Platz.Core.Tasks;

namespace Platz.Bench.Helm;

/// <summary>
/// What a task costs over Helm itself: an Upgrade through Platz, from the save to its end, beside the same chart upgraded
/// by the same helm against the same cluster by hand; the two in turn.
/// </summary>
internal sealed class HelmBench : IBench
{
    private const double MostOver = 300; // ms

    public string Name => "helm";

    public string About => "what a task costs over bare helm (--rounds 20)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var rounds = arguments.Number("--rounds", 20);
        await using var database = await BenchDatabase.CreateAsync("bench_helm", cancel);
        await using var stage = await HelmStage.SetAsync(database, cancel);
        var values = Path.GetTempFileName();
        List<double> tasks = [], inPods = [], bare = [], overs = [];
        for (var round = 0; round <= rounds; round++) // the first one warms up and does not count
        {
            var task = await stage.UpgradeAsync(cancel);
            var byHand = await BareAsync(stage, values, round, cancel);
            var run = stage.Sandbox.Ledger.Runs.Last(r => r.Pod.Contains($"{task.Id}", StringComparison.Ordinal));
            if (task.Status is not DeploymentTaskStatus.Done)
            {
                throw new InvalidOperationException($"Task {task.Id} is {task.Status}: {task.Reason}");
            }

            if (round > 0)
            {
                tasks.Add((task.FinishedAt! - task.CreatedAt).Value.TotalMilliseconds);
                inPods.Add((run.FinishedAt! - run.StartedAt).Value.TotalMilliseconds);
                bare.Add(byHand);
                overs.Add(tasks[^1] - byHand);
            }
        }

        File.Delete(values);
        var over = Stopwatches.Percentile([.. overs.Order()], 0.5);
        return new BenchReport(
            Name,
            new Dictionary<string, string>
            {
                ["Rounds"] = $"{rounds}",
                ["Chart"] = $"{HelmStage.Chart} {HelmStage.Version}, from a registry, with --wait",
                ["Pods of the simulated cluster start after"] = "220 ms",
                ["Processors"] = $"{Environment.ProcessorCount}",
            },
            [
                Row("a task, from the save to its end", tasks), Row("of that, helm in its pod", inPods),
                Row("bare helm", bare), Row("a task over the bare helm after it", overs),
            ],
            $"A task takes {over:N0} ms more than bare helm (median of {rounds}), {MostOver:N0} were promised.",
            over <= MostOver);
    }

    private static BenchRow Row(string what, List<double> times) => new(
        "Milliseconds", what,
        new Dictionary<string, double>
        {
            ["least"] = times.Min(),
            ["p50"] = Stopwatches.Percentile([.. times.Order()], 0.5),
            ["p95"] = Stopwatches.Percentile([.. times.Order()], 0.95),
        });

    /// <returns>Milliseconds.</returns>
    private static async Task<double> BareAsync(HelmStage stage, string values, int round, CancellationToken cancel)
    {
        await File.WriteAllTextAsync(values, $"config: {{ replicas: 1, message: change {round} }}", cancel);
        var start = new ProcessStartInfo(
            HelmStage.Helm,
            [
                "upgrade", "bare", stage.ChartReference, "--install", "--reset-values", "--version", HelmStage.Version,
                "--values", values, "--wait", "--timeout", "300s", "--namespace", "bare", "--create-namespace",
                "--kubeconfig", stage.Kubeconfig, "--plain-http",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"helm failed: {await output}{await errors}");
    }
}
