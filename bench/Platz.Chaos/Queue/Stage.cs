using System.Diagnostics;
using Platz.Chaos.Databases;
using Platz.Chaos.Judging;
using Platz.Chaos.Ledgers;
using Platz.Chaos.Runners;

namespace Platz.Chaos.Queue;

/// <summary>What every campaign against the queue plays on: a database with deployments, and runners of no-ops.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>What has not moved for so long, without any fault, is stuck.</summary>
    private static readonly TimeSpan s_settlePatience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly TimeProvider _clock;

    private Stage(ChaosDatabase database, Scene scene, RunnerCrew crew, string folder, TimeProvider clock)
    {
        (Database, Scene, Crew) = (database, scene, crew);
        (_folder, _clock) = (folder, clock);
    }

    public ChaosDatabase Database { get; }

    public Scene Scene { get; }

    public RunnerCrew Crew { get; }

    public static async Task<Stage> SetAsync(Server server, StagePlan plan, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(EffectLedger.Effects(folder));
        var database = await ChaosDatabase.CreateAsync(server, folder, cancel);
        var scene = await Scene.SetAsync(database, clusters: 2, plan.Deployments, cancel);
        await DatabaseEvidence.WatchMovesAsync(database, cancel);
        var settings = new Dictionary<string, string?>(plan.Settings)
        {
            ["ConnectionStrings:Platz"] = database.ConnectionString,
            ["Secrets:KeyFile"] = database.KeyFile,
            [NoOpRunner.FolderSetting] = folder,
            ["Runner:MaxAttempts"] = "1000", // a task may meet many deaths here, and none of them is its fault
        };
        var crew = new RunnerCrew(RunnerRecipe.NoOps(plan.Program, settings), plan.Runners, TimeProvider.System);
        return new Stage(database, scene, crew, folder, TimeProvider.System);
    }

    /// <summary>No more faults: whatever was accepted comes to its end now.</summary>
    public async Task SettleAsync(int runners, CancellationToken cancel)
    {
        await Crew.ResizeAsync(runners);
        var (left, moved) = (long.MaxValue, Stopwatch.StartNew());
        while (left > 0 && moved.Elapsed < s_settlePatience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), _clock, cancel);
            var now = await DatabaseTroubles.AgainAsync(() => Load.LiveAsync(Database, cancel), cancel);
            if (now < left)
            {
                (left, moved) = (now, Stopwatch.StartNew());
            }
        }

        await Crew.ResizeAsync(0);
    }

    public async Task<Evidence> EvidenceAsync(Load load) => new()
    {
        Tasks = await DatabaseEvidence.TasksAsync(Database, CancellationToken.None),
        Moves = await DatabaseEvidence.MovesAsync(Database, CancellationToken.None),
        Enqueued = load.Enqueued,
        Canceled = load.Canceled,
        Runs = Runs(),
        Effects = LedgerReader.ReadEffects(_folder),
    };

    /// <summary>Of the runners that are gone.</summary>
    public List<Run> Runs() => [.. Crew.Lives.SelectMany(life => Run.Of(life, LedgerReader.Read(_folder, life.Name)))];

    /// <summary>What the judge says, and runners that ended though nobody had asked for it.</summary>
    public Verdict Judge(Evidence evidence)
    {
        var verdict = Judging.Judge.Of(evidence);
        return verdict with
        {
            Breaches =
            [
                .. verdict.Breaches,
                .. Crew.UnexpectedDeaths.Select(d => new Breach(Promise.Unharmed, Guid.Empty, $"A runner ended by itself: {d}")),
            ],
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Crew.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <param name="Program">Whose command <see cref="NoOpRunner.Command"/> is a runner.</param>
/// <param name="Settings">Of the runners.</param>
internal sealed record StagePlan(string Program, int Runners, int Deployments, IReadOnlyDictionary<string, string?> Settings)
{
    public static string OwnProgram => typeof(StagePlan).Assembly.Location;
}
