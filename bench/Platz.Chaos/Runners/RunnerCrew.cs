using System.Collections.Concurrent;
using System.Diagnostics;
using Platz.Chaos.Judging;

namespace Platz.Chaos.Runners;

/// <summary>How the runners of a campaign are started.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Settings">As the environment brings them.</param>
internal sealed record RunnerRecipe(
    IReadOnlyList<string> Command, IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>This very program, as a runner of no-ops.</summary>
    public static RunnerRecipe NoOps(string program, IReadOnlyDictionary<string, string?> settings) =>
        new(["dotnet", program, NoOpRunner.Command], settings);

    /// <summary>The product's runner as it is.</summary>
    public static RunnerRecipe Whole(string program, IReadOnlyDictionary<string, string?> settings) =>
        new(["dotnet", program, WholeRunner.Command], settings);

    public ProcessStartInfo Start() => new(Command[0], Command.Skip(1))
    {
        // None lives long enough to win back what profiling its code and compiling it once more costs.
        Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCountThreshold"] = "FFFF" },
    };
}

/// <summary>The runners of a campaign, each at its place; who dies is followed by another.</summary>
internal sealed class RunnerCrew(RunnerRecipe recipe, int places, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>There may be no task for a runner to begin: the others take each as it comes.</summary>
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(4);

    /// <summary>Between two looks for a place where nothing else happens.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly Place[] _places = [.. Enumerable.Range(0, places).Select(i => new Place(i))];
    private readonly ConcurrentQueue<RunnerProcess> _gone = [];
    private readonly ConcurrentQueue<string> _deaths = [];

    /// <summary>Everything that happened to those that are gone.</summary>
    public IReadOnlyList<RunnerLife> Lives => [.. _gone.Select(p => p.Life)];

    /// <summary>Who ended without anybody having asked for it, and its last words.</summary>
    public IReadOnlyList<string> UnexpectedDeaths => [.. _deaths];

    /// <summary>How long starts took until the runner worked.</summary>
    public IReadOnlyList<TimeSpan> Starts => [.. _gone.Select(p => p.StartTook).OfType<TimeSpan>()];

    public RunnerProcess? At(int place) => _places[place].Process;

    public async Task ResizeAsync(int count)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            var place = _places[i];
            place.IsWanted = i < count;
            await DoAsync(i, place.IsWanted ? EnsureAsync : current => LeaveAsync(current, current.TerminateAsync));
        }

        async Task EnsureAsync(RunnerProcess current)
        {
            if (current.HasExited)
            {
                await LeaveAsync(current, current.KillAsync);
            }
        }
    }

    /// <summary>
    /// SIGKILL to a runner, and another takes its place. Where nobody is, or something happens to who is there, it meets
    /// the next: a machine that is behind the schedule is held up by no place while others have nothing to fear.
    /// </summary>
    /// <param name="after">So long after it has begun its first task; null for now, whatever it does.</param>
    public async Task<bool> KillAsync(int place, TimeSpan? after)
    {
        for (var busy = true; busy; await Task.Delay(s_look, clock))
        {
            busy = false;
            for (var i = 0; i < places; i++)
            {
                var next = _places[(place + i) % places];
                if (!await next.Turn.WaitAsync(TimeSpan.Zero))
                {
                    busy = true;
                }
                else if (await DoInTurnAsync(next, KillAsync))
                {
                    return true;
                }
            }
        }

        return false;

        async Task KillAsync(RunnerProcess current)
        {
            if (after is { } wait)
            {
                await current.ReadyAsync(s_startPatience);
                await Task.Delay(wait, clock);
            }

            await LeaveAsync(current, current.KillAsync);
        }
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>How long it took to leave; null when nobody was there.</returns>
    public async Task<TimeSpan?> TerminateAsync(int place)
    {
        TimeSpan? took = null;
        await DoAsync(place, async current =>
        {
            await current.ReadyAsync(s_startPatience);
            await LeaveAsync(current, async () => took = await current.TerminateAsync());
        });
        return took;
    }

    /// <summary>SIGSTOP, and SIGCONT later.</summary>
    public async Task<bool> StopAsync(int place, TimeSpan time)
    {
        if (At(place) is not { HasExited: false } current)
        {
            return false;
        }

        await current.StopForAsync(time);
        return true;
    }

    public Task ReadyAsync(TimeSpan patience) => Task.WhenAll(
        _places.Select(p => p.Process).OfType<RunnerProcess>().Select(p => p.ReadyAsync(patience)));

    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places)
        {
            place.IsWanted = false;
            await DoAsync(place.Number, current => LeaveAsync(current, current.KillAsync));
            place.Dispose();
        }

        foreach (var process in _gone)
        {
            process.Dispose();
        }
    }

    /// <summary>One thing at a time happens to a place; afterwards somebody is there, if anybody shall be.</summary>
    private async Task<bool> DoAsync(int number, Func<RunnerProcess, Task> act)
    {
        var place = _places[number];
        await place.Turn.WaitAsync();
        return await DoInTurnAsync(place, act);
    }

    /// <summary>Whoever calls has the turn of this place, and gives it back with this.</summary>
    private async Task<bool> DoInTurnAsync(Place place, Func<RunnerProcess, Task> act)
    {
        try
        {
            var current = place.Process;
            if (current is not null)
            {
                await act(current);
                place.Process = current.IsGone ? null : current;
            }

            if (place.Process is null && place.IsWanted)
            {
                place.Process = Start(place);
            }

            return current is not null;
        }
        finally
        {
            place.Turn.Release();
        }
    }

    private async Task LeaveAsync(RunnerProcess process, Func<Task> end)
    {
        if (process.HasExited)
        {
            _deaths.Enqueue($"{process.Name}: {string.Join(" / ", process.Complaints)}");
        }

        process.Resume(); // SIGTERM waits for it
        await end();
        process.IsGone = true;
        _gone.Enqueue(process);
    }

    private RunnerProcess Start(Place place)
    {
        var name = $"{place.Number}-{++place.Started}";
        return RunnerProcess.Start(
            name, recipe.Start(), [.. recipe.Settings, new(NoOpRunner.NameSetting, name)], clock);
    }

    private sealed class Place(int number) : IDisposable
    {
        public int Number => number;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public RunnerProcess? Process { get; set; }

        public bool IsWanted { get; set; }

        public int Started { get; set; }

        public void Dispose() => Turn.Dispose();
    }
}
