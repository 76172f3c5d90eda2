using Microsoft.AspNetCore.Components;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.Shared;

namespace Platz.Web.Tasks.Logs;

/// <summary>The log of one task (ui.md 7.4): only the rows on the screen are rendered, whatever its length.</summary>
public sealed partial class LogView(
    WatchedLogs logs, LogRowReader rows, Screen screen, TimeChoice times, Visibility visibility) : IAsyncDisposable
{
    private readonly HashSet<long> _folded = [];
    private readonly LogViewport _viewport = new(rows);
    private readonly LogScript _script = new(screen);
    private ElementReference _root;
    private LogWatch? _opened;
    private LogWatch? _watch;
    private LogState _state = null!;
    private LogSettings _settings = LogSettings.Default;
    private TimeZoneInfo? _zone;
    private long _seenTo;
    private long? _scrollTo;
    private bool _attaching;
    private bool _attached;
    private bool _gone;

    [Parameter, EditorRequired]
    public required DeploymentTask Task { get; set; }

    /// <summary>Whether the log is the whole page.</summary>
    [Parameter]
    public bool Whole { get; set; }

    /// <summary>Told where the task stands when that has changed.</summary>
    [Parameter]
    public EventCallback<DeploymentTask> OnTask { get; set; }

    /// <summary>The lines that the address picks out.</summary>
    [SupplyParameterFromQuery(Name = "line")]
    public string? Line { get; set; }

    private long NewLines => Math.Max(0, _state.Shape.Last - _seenTo);

    private LogMarks Marks => new(_search?.Text, _match, _folded);

    protected override async Task OnInitializedAsync()
    {
        var watch = _opened = await logs.OpenAsync(Task, InvokeAsync, FollowLogAsync);
        if (_gone)
        {
            watch.Dispose();
            return;
        }

        Take(watch.Current);
        PickFromAddress();
        await _viewport.ReadAsync(Marks, CancellationToken.None);
        if (_gone)
        {
            return;
        }

        _watch = watch; // from here on it is shown
        visibility.Changed += CatchUp;
        await FollowLogAsync(); // what came meanwhile
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_watch is not null && Line != _address)
        {
            PickFromAddress();
            await ShowAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_watch is not null && !_attaching)
        {
            _attaching = true;
            await AttachAsync();
        }

        if (_attached && _scrollTo is { } seq)
        {
            _scrollTo = null;
            await _script.ScrollToAsync(_viewport.RowOf(seq), seq);
        }
    }

    private async Task AttachAsync()
    {
        var row = _viewport.Follows ? (long?)null : _viewport.Top;
        var settings = await _script.AttachAsync(_root, this, Whole, row) ?? LogSettings.Default;
        _attached = true;
        _scrollTo = settings.Wrap ? _scrollTo : null; // it began there
        Use(settings);
        _viewport.Look(_viewport.Top, settings.Visible);
        await ShowAsync();
    }

    public ValueTask DisposeAsync()
    {
        _gone = true;
        visibility.Changed -= CatchUp;
        _opened?.Dispose();
        return _script.DisposeAsync();
    }

    /// <summary>What has come since, unless the tab is out of sight: shown where the end is on the screen, counted where it is not.</summary>
    private async Task FollowLogAsync()
    {
        if (_watch is null || visibility.IsHidden)
        {
            return;
        }

        Take(_watch.Current);
        await CountAsync(_search);
        await ShowAsync();
        var now = _state.Task;
        if ((now.Status, now.Phase, now.CancelRequestedAt) != (Task.Status, Task.Phase, Task.CancelRequestedAt))
        {
            await OnTask.InvokeAsync(now);
        }
    }

    private void CatchUp() => _ = InvokeAsync(FollowLogAsync);

    private void Take(LogState state)
    {
        _state = state;
        _seenTo = _viewport.Follows ? state.Shape.Last : _seenTo;
        _viewport.Take(state, _folded);
    }

    private async Task ShowAsync()
    {
        if (await _viewport.ReadAsync(Marks, CancellationToken.None))
        {
            StateHasChanged();
        }
    }

    private void GoTo(long seq)
    {
        if (_viewport.HeadingOver(seq) is { } folded)
        {
            _folded.Remove(folded);
            _viewport.Take(_state, _folded);
        }

        _viewport.LookAt(seq);
        _scrollTo = seq;
    }

    private Task FoldAsync(long group)
    {
        if (!_folded.Remove(group))
        {
            _folded.Add(group);
        }

        _viewport.Take(_state, _folded);
        return ShowAsync();
    }

    private async Task ToEndAsync()
    {
        _viewport.Follows = true;
        Take(_state);
        await ShowAsync();
        await _script.FollowAsync();
    }

    private Task EarlierAsync() => TurnAsync(-LogViewport.WrappedRows / 2);

    private Task LaterAsync() => TurnAsync(LogViewport.WrappedRows / 2);

    /// <summary>In wrapped lines, which are rendered a part at a time.</summary>
    private Task TurnAsync(int rows)
    {
        _viewport.Turn(rows);
        _scrollTo = _viewport.TopSeq;
        return ShowAsync();
    }

    private async Task SetTimesAsync(string times)
    {
        Use(_settings with { Times = times });
        await _script.KeepAsync("times", times);
    }

    private async Task SetWrapAsync(bool wrap)
    {
        if (!_viewport.Follows)
        {
            var seq = await SeenAsync();
            _viewport.LookAt(seq);
            _scrollTo = seq;
        }

        Use(_settings with { Wrap = wrap });
        await ShowAsync();
        await _script.KeepAsync("wrap", wrap ? "on" : "off");
    }

    private void Use(LogSettings settings)
    {
        _settings = settings;
        _zone = settings.Times switch
        {
            "utc" => TimeZoneInfo.Utc,
            "local" => times.Local,
            _ => null,
        };
        _viewport.Wraps = settings.Wrap;
    }
}
