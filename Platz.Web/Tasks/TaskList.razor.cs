using Microsoft.AspNetCore.Components;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.Shared;

namespace Platz.Web.Tasks;

/// <summary>
/// A page of the tasks that a filter lets through, newest first; follows every change while it is open, and never
/// moves a row away from somebody who is about to use it (ui.md 7.3).
/// </summary>
public sealed partial class TaskList(
    TaskHistory history, TaskCommands commands, TaskFeed feed, NameLookup names, Screen screen) : IAsyncDisposable
{
    /// <summary>Who waits for a runner hears nothing of those of other deployments that go first.</summary>
    private static readonly TimeSpan s_linesAge = TimeSpan.FromSeconds(10);

    private readonly HashSet<Guid> _expanded = [];
    private readonly Announcer _announcer = new();
    private readonly ListHold _hold = new();
    private readonly Turns _turns = new();
    private ElementReference _list;
    private (TaskFilter, int)? _asked;
    private TaskPage? _page;
    private DateTimeOffset _followed;
    private bool _isReading;
    private bool _isBehind;
    private OperationNames _names = OperationNames.None;
    private IDisposable? _subscription;
    private IDisposable? _ticking;

    [Parameter, EditorRequired]
    public required TaskFilter Filter { get; set; }

    /// <summary>From 1.</summary>
    [Parameter]
    public int Number { get; set; } = 1;

    /// <summary>The address of a page.</summary>
    [Parameter, EditorRequired]
    public required Func<int, string> PageAddress { get; set; }

    /// <summary>Of the same list of what is older; for filters that are not looked for without end.</summary>
    [Parameter]
    public Func<DateTimeOffset, string>? OlderAddress { get; set; }

    /// <summary>What changes what the filter finds; must not change.</summary>
    [Parameter, EditorRequired]
    public required Topic Topic { get; set; }

    [Parameter]
    public string Caption { get; set; } = "Tasks, newest first";

    /// <summary>Instead of an empty table.</summary>
    [Parameter]
    public RenderFragment? Empty { get; set; }

    /// <summary>For lists across deployments.</summary>
    [Parameter]
    public bool ShowsDeployment { get; set; }

    /// <summary>For lists across envs: their names.</summary>
    [Parameter]
    public IReadOnlyDictionary<Guid, string>? EnvNames { get; set; }

    /// <summary>The task whose Helm run is installed now, where that is one.</summary>
    [Parameter]
    public Guid? RevisionId { get; set; }

    /// <summary>Whether changes of a task's values override may be seen; of none where it is not given.</summary>
    [Parameter]
    public Func<DeploymentTask, bool>? MayReadOverride { get; set; }

    private string TotalWords => _page switch
    {
        { HasMore: true } => $"{TaskHistory.CountLimit:N0}+ tasks",
        { Total: 1 } => "1 task",
        _ => $"{_page?.Total:N0} tasks",
    };

    protected override void OnInitialized()
    {
        _subscription = feed.Subscribe(Topic, since => InvokeAsync(() => FollowAsync(since)));
        _ticking = screen.Ticker.Subscribe(() => _ = InvokeAsync(TickAsync));
        _hold.Ended += () => _ = InvokeAsync(CatchUpAsync);
    }

    protected override Task OnParametersSetAsync()
    {
        if (_asked is not var (filter, number) || number != Number)
        {
            return ShowAsync();
        }

        if (filter == Filter)
        {
            return Task.CompletedTask;
        }

        if (_isReading || filter with { CreatedFrom = Filter.CreatedFrom } != Filter)
        {
            return ShowAsync();
        }

        // Only the beginning of a range that ends now has moved: not a reason to take away what one reads.
        _asked = (Filter, Number);
        return FollowAsync(since: null);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_page is not null)
        {
            await _hold.WatchAsync(screen, _list);
        }
    }

    public ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        _ticking?.Dispose();
        return _hold.DisposeAsync();
    }

    private Task ShowAsync()
    {
        var asked = _asked = (Filter, Number);
        _expanded.Clear();
        _isReading = true;
        return _turns.TakeAsync(async () =>
        {
            if (asked == _asked) // else the reader has turned over meanwhile
            {
                var read = await PageAsync(Number, since: null);
                _isReading = asked != _asked;
                Take(read);
            }
        });
    }

    /// <summary>New rows move in only at the top of page 1, while nobody reads or points at what is there.</summary>
    private Task FollowAsync(long? since) => _turns.TakeAsync(async () =>
    {
        if (_page is not { } before || _isReading)
        {
            return; // what is asked for now is read after this
        }

        // What ends enters some lists, whenever it was queued: which rows there are is asked again later.
        _isBehind = before.Number == 1 && (_expanded.Count > 0 || _hold.IsHeld);
        var after = before.Number == 1 && !_isBehind
            ? await PageAsync(1, since)
            : await SameRowsAsync(before, since);
        _announcer.Note(before.Items, after.Page.Items);
        Take(after);
    });

    private Task<Shown> PageAsync(int number, long? since)
    {
        var (filter, known) = (Filter, _names);
        return feed.ReadAsync((filter, number), since, async () =>
        {
            var page = await history.PageAsync(filter, number, CancellationToken.None);
            return new Shown(page, await names.OfAsync(page.Items, known, CancellationToken.None));
        });
    }

    private Task<Shown> SameRowsAsync(TaskPage shown, long? since)
    {
        var (filter, known) = (Filter, _names);
        var rows = string.Join(' ', shown.Items.Select(t => t.Id));
        return feed.ReadAsync((filter, shown.Number, shown.Total, shown.Newest, rows), since, async () =>
        {
            var page = await history.SameRowsAsync(filter, shown, CancellationToken.None);
            return new Shown(page, await names.OfAsync(page.Items, known, CancellationToken.None));
        });
    }

    private void Take(Shown read)
    {
        (_page, _names, _followed) = (read.Page, read.Names, screen.Ticker.Now);
        StateHasChanged();
    }

    private Task ShowNewestAsync()
    {
        if (Number == 1)
        {
            return ShowAsync();
        }

        screen.Navigation.NavigateTo(PageAddress(1));
        return Task.CompletedTask;
    }

    private QueuePlace? Wait(DeploymentTask task) =>
        _page!.Waits.GetValueOrDefault(task.Id);

    private string? EnvName(DeploymentTask task) => EnvNames?.GetValueOrDefault(task.EnvId);

    private Task CatchUpAsync() => _isBehind ? FollowAsync(since: null) : Task.CompletedTask;

    private Task ToggleAsync(DeploymentTask task)
    {
        if (_expanded.Remove(task.Id))
        {
            return CatchUpAsync();
        }

        _expanded.Add(task.Id);
        return Task.CompletedTask;
    }

    /// <summary>Whoever did something sees what came of it without waiting for the news of it.</summary>
    private async Task DoAsync(Task<bool> command)
    {
        if (await command)
        {
            await FollowAsync(since: null);
        }
    }

    private async Task TickAsync()
    {
        var now = screen.Ticker.Now;
        var isInLine = _page?.Waits.Values.Any(wait => wait is { State: QueueState.Ready, Ahead: > 0 }) is true;
        if (_announcer.Speak(now))
        {
            StateHasChanged();
        }

        if (isInLine && !_isReading && now - _followed > s_linesAge)
        {
            _followed = now; // one such question at a time, however long its answer takes
            await FollowAsync(since: 0); // whatever others who wait have read lately will do
        }
    }

    private sealed record Shown(TaskPage Page, OperationNames Names);
}
