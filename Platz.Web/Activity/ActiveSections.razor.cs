using Microsoft.AspNetCore.Components;
using Platz.Core.Activity;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.Tasks;

namespace Platz.Web.Activity;

/// <summary>Follows every change while it is open, and moves no row while the page is held (ui.md 7.3).</summary>
public sealed partial class ActiveSections(
    ActivityReads reads, TaskCommands commands, TaskFeed feed, NameLookup names, Screen screen) : IDisposable
{
    private readonly HashSet<Guid> _expanded = [];
    private readonly Announcer _announcer = new();
    private readonly Lingering _any = new();
    private readonly Turns _turns = new();
    private ActiveTasks? _shown;
    private OperationNames _names = OperationNames.None;
    private TaskFilter? _asked;
    private int _more;
    private bool _isReading;
    private IDisposable? _subscription;
    private IDisposable? _ticking;

    [Parameter, EditorRequired]
    public required TaskFilter Filter { get; set; }

    [Parameter, EditorRequired]
    public required ActivityScope Scope { get; set; }

    /// <summary>What changes what the filter finds; must not change.</summary>
    [Parameter, EditorRequired]
    public required Topic Topic { get; set; }

    /// <summary>Whether what is on the page must stay where it is; must not change.</summary>
    [Parameter, EditorRequired]
    public required ListHold Hold { get; set; }

    /// <summary>Whether there are any, each time that it changes: whoever is told renders all of the page.</summary>
    [Parameter]
    public EventCallback<bool> OnAny { get; set; }

    private IEnumerable<(string Title, IReadOnlyList<DeploymentTask> Tasks, int Total)> Sections => _shown is { } shown
        ?
        [
            ("Running", shown.Running, shown.Totals.Running), ("Queued", shown.Queued, shown.Totals.Queued),
            ("Scheduled", shown.Scheduled, shown.Totals.Scheduled),
        ]
        : [];

    protected override void OnInitialized()
    {
        _subscription = feed.Subscribe(Topic, since => InvokeAsync(() => FollowAsync(since)));
        _ticking = screen.Ticker.Subscribe(() => _ = InvokeAsync(TickAsync));
        Hold.Ended += CatchUp;
    }

    protected override Task OnParametersSetAsync()
    {
        if (_asked == Filter)
        {
            return Task.CompletedTask;
        }

        if (_isReading || _asked is not { } before || before with { CreatedFrom = Filter.CreatedFrom } != Filter)
        {
            return ShowAsync();
        }

        _asked = Filter;
        return FollowAsync(since: null);
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _ticking?.Dispose();
        Hold.Ended -= CatchUp;
    }

    private Task ShowAsync()
    {
        var asked = _asked = Filter;
        _expanded.Clear();
        _isReading = true;
        return _turns.TakeAsync(async () =>
        {
            if (asked == _asked) // else the reader has asked for something else meanwhile
            {
                var read = await ReadAsync(asked, since: null);
                _isReading = asked != _asked;
                _any.Forget();
                await TakeAsync(read, more: 0);
            }
        });
    }

    private Task FollowAsync(long? since) => _turns.TakeAsync(async () =>
    {
        if (_shown is not { } before || _asked is not { } asked || _isReading)
        {
            return; // what is asked for now is read after this
        }

        var now = await ReadAsync(asked, since);
        var isHeld = Hold.IsHeld || _expanded.Count > 0;
        var after = isHeld ? await reads.InPlaceAsync(before, now, CancellationToken.None) : now;
        if (asked != _asked)
        {
            return; // what is asked for now is read after this
        }

        _announcer.Note(before.All, after.All);
        var known = before.All.Select(t => t.Id).ToHashSet();
        await TakeAsync(after, isHeld ? now.All.Count(task => !known.Contains(task.Id)) : 0);
    });

    private Task<ActiveTasks> ReadAsync(TaskFilter filter, long? since) => feed.ReadAsync(
        (nameof(ActiveSections), filter), since, () => reads.ActiveAsync(filter, CancellationToken.None));

    private async Task TakeAsync(ActiveTasks now, int more)
    {
        _names = await names.OfAsync([.. now.All], _names, CancellationToken.None);
        (_shown, _more) = (now, more);
        StateHasChanged();
        if (_any.See(now.All.Any(), screen.Ticker.Now))
        {
            await OnAny.InvokeAsync(_any.IsAny is true);
        }
    }

    private async Task TickAsync()
    {
        Announce();
        if (_any.Tick(screen.Ticker.Now))
        {
            await OnAny.InvokeAsync(false);
        }
    }

    /// <summary>What had to wait while the page was held.</summary>
    private void CatchUp() => _ = InvokeAsync(() => FollowAsync(since: null));

    private Task ToggleAsync(DeploymentTask task)
    {
        if (_expanded.Add(task.Id))
        {
            return Task.CompletedTask;
        }

        _expanded.Remove(task.Id);
        return FollowAsync(since: null);
    }

    private async Task CancelAsync(DeploymentTask task)
    {
        if (await commands.CancelAsync(task))
        {
            await FollowAsync(since: null);
        }
    }

    private QueuePlace? Wait(DeploymentTask task) =>
        _shown!.Waits.GetValueOrDefault(task.Id);

    private string? EnvName(DeploymentTask task) =>
        Scope.EnvId is null ? Scope.EnvNames.GetValueOrDefault(task.EnvId) : null;

    /// <summary>How many there are, where not all are shown.</summary>
    private static string Count(IReadOnlyList<DeploymentTask> tasks, int total) =>
        total > tasks.Count && tasks.Count >= ActivityReads.Most ? $"{tasks.Count} of {total:N0}" : $"{tasks.Count}";

    private void Announce()
    {
        if (_announcer.Speak(screen.Ticker.Now))
        {
            StateHasChanged();
        }
    }
}
