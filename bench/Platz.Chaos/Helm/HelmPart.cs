using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platz.Chaos.Databases;
using Platz.Chaos.Judging;
using Platz.Chaos.Queue;
using Platz.Chaos.Runners;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Sandbox;
using Platz.Sandbox.Store;

namespace Platz.Chaos.Helm;

/// <summary>Whole runners, a sandbox cluster with real helm, and trouble on all sides; the sandbox's ledger judges.</summary>
internal sealed class HelmPart : IPart
{
    private const int Runners = 3;
    private static readonly TimeSpan s_stuckAfter = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_sweepPatience = TimeSpan.FromSeconds(150);

    public string Name => "helm";

    public string About => "whole runners, a simulated cluster that fails on its own, real helm";

    public async Task<ChaosReport> RunAsync(ChaosArguments arguments, string folder, CancellationToken cancel)
    {
        var seed = arguments.Number("--seed", RandomNumberGenerator.GetInt32(int.MaxValue));
        var (kills, lasts) = (arguments.Number("--kills", 40), TimeSpan.FromMinutes(arguments.Number("--minutes", 5)));
        await using var database = await ChaosDatabase.CreateAsync(Server.Given, folder, cancel);
        await using var shelf = await ChartShelf.OpenAsync(HelmBinary, Chart, folder, cancel);
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Data = Path.Combine(folder, "sandbox"), KubeconfigFile = kubeconfig, HelmBinary = HelmBinary },
            cancel);
        var actor = await AddAdminAsync(database, cancel);
        await using var crew = new RunnerCrew(
            RunnerRecipe.Whole(StagePlan.OwnProgram, Settings(database, shelf, kubeconfig)), Runners, TimeProvider.System);
        await crew.ResizeAsync(Runners);
        await UntilAsync(() => AnyChartAsync(database, cancel), TimeSpan.FromMinutes(3), cancel);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var loading = new HelmLoad(database, seed, TimeProvider.System).RunAsync(actor, stop.Token);
        var clusterFaults = await BreakAsync(crew, database, sandbox, new Random(seed), (kills, lasts), cancel);
        await stop.CancelAsync();
        await loading;
        sandbox.Faults.Reset();
        await UntilAsync(async () => await Load.LiveAsync(database, cancel) == 0, s_stuckAfter, cancel);
        await UntilAsync(() => Task.FromResult(PodsOf(sandbox).Count == 0), s_sweepPatience, cancel);
        await crew.ResizeAsync(0);

        var evidence = new HelmEvidence(
            await DatabaseEvidence.TasksAsync(database, cancel), sandbox.Ledger.Runs, PodsOf(sandbox));
        return Report(seed, evidence, crew, clusterFaults);
    }

    private static string HelmBinary => Environment.GetEnvironmentVariable("PLATZ_HELM3")
        ?? throw new InvalidOperationException("PLATZ_HELM3 names no helm; ./platz chaos helm does.");

    private static string Chart => Path.Combine(Environment.GetEnvironmentVariable("PLATZ_CHAOS_CHARTS")
        ?? throw new InvalidOperationException("PLATZ_CHAOS_CHARTS names no folder of charts."), "hello-web", "1.0.0");

    private static Dictionary<string, string?> Settings(ChaosDatabase database, ChartShelf shelf, string kubeconfig) => new()
    {
        ["ConnectionStrings:Platz"] = database.ConnectionString,
        ["Secrets:KeyFile"] = database.KeyFile,
        ["Registries:PollInterval"] = "00:00:05",
        ["Registries:Sources:0:Name"] = "chaos",
        ["Registries:Sources:0:Url"] = shelf.Url,
        ["Clusters:0:Name"] = "sandbox",
        ["Clusters:0:Env"] = "chaos",
        ["Clusters:0:Kubeconfig"] = kubeconfig,
        ["Clusters:0:Sandbox"] = "true",
        ["Runner:LeaseDuration"] = "00:00:04",
        ["Runner:HeartbeatInterval"] = "00:00:01",
        ["Runner:RescueInterval"] = "00:00:00.500",
        ["Runner:DrainTimeout"] = "00:00:02",
        ["Runner:MaxAttempts"] = "100",
    };

    private static async Task<Dictionary<string, int>> BreakAsync(
        RunnerCrew crew, ChaosDatabase database, SandboxHost sandbox, Random random, (int Kills, TimeSpan Lasts) plan,
        CancellationToken cancel)
    {
        var done = new Dictionary<string, int>();
        var kinds = Enum.GetValues<ClusterFault>();
        for (var i = 0; i < plan.Kills; i++)
        {
            var (place, fault) = (random.Next(Runners), kinds[random.Next(kinds.Length)]);
            await Task.Delay(plan.Lasts / plan.Kills * (0.4 + (random.NextDouble() * 0.6)), cancel);
            ClusterFaults.Cause(sandbox.Faults, fault, random);
            done[$"{fault}"] = done.GetValueOrDefault($"{fault}") + 1;
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000)), cancel);
            await crew.KillAsync(place, after: null);
            if (i % 8 == 4)
            {
                await DatabaseTroubles.AgainAsync(() => DisconnectAsync(database, cancel), cancel);
                done["Disconnect"] = done.GetValueOrDefault("Disconnect") + 1;
            }
        }

        return done;
    }

    private static async Task<bool> DisconnectAsync(ChaosDatabase database, CancellationToken cancel)
    {
        await database.DisconnectAllAsync(cancel);
        return true;
    }

    private static async Task<Actor> AddAdminAsync(ChaosDatabase database, CancellationToken cancel)
    {
        await using var db = await database.DbAsync(cancel);
        var user = new User { DisplayName = "Chaos", Email = "chaos@example.org", IsAdmin = true };
        db.Add(user);
        await db.SaveChangesAsync(cancel);
        return new Actor.User(user.Id, user.DisplayName);
    }

    private static async Task<bool> AnyChartAsync(ChaosDatabase database, CancellationToken cancel)
    {
        await using var db = await database.DbAsync(cancel);
        return await db.Charts.AnyAsync(c => c.Available, cancel) && await db.Clusters.AnyAsync(cancel);
    }

    private static List<string> PodsOf(SandboxHost sandbox) =>
        [.. sandbox.Store.List(ResourceTypes.Pods, "platz").Objects.Select(p => p.Name)];

    private static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan patience, CancellationToken cancel)
    {
        var waiting = Stopwatch.StartNew();
        while (waiting.Elapsed < patience && !await DatabaseTroubles.AgainAsync(holds, cancel))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancel);
        }
    }

    private ChaosReport Report(int seed, HelmEvidence evidence, RunnerCrew crew, Dictionary<string, int> clusterFaults)
    {
        var verdict = HelmJudge.Of(evidence);
        var kills = crew.Lives.Count(l => l.KilledAt is not null);
        var holds = verdict.Holds && crew.UnexpectedDeaths.Count == 0 && evidence.Runs.Count > 0;
        var figures = clusterFaults.ToDictionary(f => f.Key, f => (double)f.Value);
        figures["Kills"] = kills;
        figures["Tasks"] = evidence.Tasks.Count;
        figures["Runs of Helm"] = evidence.Runs.Count;
        figures["Runs of Helm that failed"] = evidence.Runs.Count(r => r.ExitCode != 0);
        figures["Failed"] = evidence.Tasks.Count(t => t.Status is DeploymentTaskStatus.Failed);
        figures["Canceled"] = evidence.Tasks.Count(t => t.Status is DeploymentTaskStatus.Canceled);
        figures["Attempts beyond the first"] = evidence.Tasks.Sum(t => Math.Max(0, t.Attempt - 1));
        figures["Runners that ended by themselves"] = crew.UnexpectedDeaths.Count;
        return new ChaosReport(
            Name, seed, figures,
            $"{(holds ? "Every promise held" : "A PROMISE WAS BROKEN")} with seed {seed}: {kills:N0} kills, "
            + $"{clusterFaults.Values.Sum():N0} faults of cluster and database, {evidence.Tasks.Count:N0} tasks, "
            + $"{evidence.Runs.Count:N0} runs of Helm: {verdict}, {verdict.Count(Promise.TidiedUp)} pods left behind.",
            holds)
        {
            Breaches =
            [
                .. verdict.Breaches,
                .. crew.UnexpectedDeaths.Select(d => new Breach(Promise.Unharmed, Guid.Empty, $"A runner ended by itself: {d}")),
            ],
        };
    }
}
