using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Bench.Circuits;
using Platz.Chaos.Helm;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Sandbox;

namespace Platz.Bench.Helm;

/// <summary>
/// The product's runner in a process of its own, a simulated cluster that runs real helm, a registry with one chart, and
/// one deployment of it.
/// </summary>
internal sealed class HelmStage : IAsyncDisposable
{
    public const string Chart = "hello-web";
    public const string Version = "1.0.0";

    private static readonly string s_runner = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../..", "Platz.Runner/bin", WebProcess.Build, "net10.0/Platz.Runner.dll"));

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly BenchDatabase _database;
    private readonly string _folder;
    private readonly ChartShelf _shelf;
    private readonly Process _runner;
    private Actor.User _actor = null!;
    private Guid _deployment;
    private int _saves;

    private HelmStage(BenchDatabase database, string folder, ChartShelf shelf, SandboxHost sandbox)
    {
        (_database, _folder, _shelf, Sandbox) = (database, folder, shelf, sandbox);
        _runner = Start();
    }

    public SandboxHost Sandbox { get; }

    public int RunnerPid => _runner.Id;

    public string ChartReference => $"oci://{_shelf.Host}/charts/{Chart}";

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public static string Helm => Environment.GetEnvironmentVariable("PLATZ_HELM3")
        ?? throw new InvalidOperationException("PLATZ_HELM3 names no helm; ./platz bench does.");

    public static async Task<HelmStage> SetAsync(BenchDatabase database, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("platz-bench-helm-").FullName;
        var charts = Environment.GetEnvironmentVariable("PLATZ_BENCH_CHARTS")
            ?? throw new InvalidOperationException("PLATZ_BENCH_CHARTS names no folder of charts.");
        var shelf = await ChartShelf.OpenAsync(Helm, Path.Combine(charts, Chart, Version), folder, cancel);
        var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions
            {
                Data = Path.Combine(folder, "sandbox"),
                KubeconfigFile = Path.Combine(folder, "kubeconfig"),
                HelmBinary = Helm,
            },
            cancel);
        var stage = new HelmStage(database, folder, shelf, sandbox);
        try
        {
            await stage.InstallAsync(cancel);
        }
        catch
        {
            await stage.DisposeAsync(); // or its registry would outlive the bench
            throw;
        }

        return stage;
    }

    /// <summary>Saves the deployment with another value, and waits until its task has ended.</summary>
    public async Task<DeploymentTask> UpgradeAsync(CancellationToken cancel) => await EndOfAsync(await SaveAsync(cancel), cancel);

    /// <returns>The task that the save made.</returns>
    public async Task<Guid> SaveAsync(CancellationToken cancel)
    {
        var result = await _database.Get<DeploymentEditor>().UpdateAsync(
            _deployment, new DeploymentEdit { Config = Config() }, _actor, cancel);
        return Saved(result);
    }

    public async Task<DeploymentTask> EndOfAsync(Guid task, CancellationToken cancel)
    {
        var history = _database.Get<TaskHistory>();
        var waiting = Stopwatch.StartNew();
        while (waiting.Elapsed < s_patience)
        {
            if (await history.FindAsync(task, cancel) is { FinishedAt: not null } ended)
            {
                return ended;
            }

            await Task.Delay(20, cancel);
        }

        throw new InvalidOperationException($"Task {task} has not ended within {s_patience}.");
    }

    public async ValueTask DisposeAsync()
    {
        _runner.Kill();
        await _runner.WaitForExitAsync();
        _runner.Dispose();
        await Sandbox.DisposeAsync();
        await _shelf.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task InstallAsync(CancellationToken cancel)
    {
        await using var db = await _database.Databases.CreateDbContextAsync(cancel);
        var user = new User { DisplayName = "Bench", Email = "bench@example.org", IsAdmin = true };
        db.Add(user);
        await db.SaveChangesAsync(cancel);
        _actor = new Actor.User(user.Id, user.DisplayName);

        var waiting = Stopwatch.StartNew();
        while (!await db.Charts.AnyAsync(c => c.Available, cancel) || !await db.Clusters.AnyAsync(cancel))
        {
            await Task.Delay(waiting.Elapsed < s_patience
                ? TimeSpan.FromMilliseconds(200)
                : throw new InvalidOperationException("The runner found no chart or no cluster."), cancel);
        }

        var chart = await db.Charts.SingleAsync(c => c.Available, cancel);
        var wanted = new NewDeployment
        {
            Name = "bench",
            KindId = await db.Registries.Where(r => r.Id == chart.HelmRegistryId).Select(r => r.KindId).SingleAsync(cancel),
            ClusterId = await db.Clusters.Select(c => c.Id).SingleAsync(cancel),
            HelmChartId = chart.Id,
            Config = Config(),
        };
        _deployment = wanted.Id;
        await EndOfAsync(Saved(await _database.Get<DeploymentEditor>().CreateAsync(wanted, _actor, cancel)), cancel);
    }

    private JsonObject Config() => new() { ["replicas"] = 1, ["message"] = $"change {++_saves}" };

    private static Guid Saved(SaveResult result) => result is SaveResult.Saved { TaskId: { } task }
        ? task
        : throw new InvalidOperationException($"The deployment could not be saved: {result}");

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [s_runner])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ConnectionStrings__Platz"] = _database.ConnectionString,
            ["Secrets__KeyFile"] = BenchDatabase.KeyFile,
            ["Registries__PollInterval"] = "00:01:00",
            ["Registries__Sources__0__Name"] = "bench",
            ["Registries__Sources__0__Url"] = _shelf.Url,
            ["Clusters__0__Name"] = "sandbox",
            ["Clusters__0__Env"] = "bench",
            ["Clusters__0__Kubeconfig"] = Kubeconfig,
            ["Clusters__0__Sandbox"] = "true",
            ["Logging__LogLevel__Default"] = "Warning",
        })
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.OutputDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
