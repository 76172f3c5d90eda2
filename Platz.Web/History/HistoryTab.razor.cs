using Microsoft.AspNetCore.Components;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.Tasks;

namespace Platz.Web.History;

/// <summary>The paginated history of one deployment; follows every change while it is open (ui.md 7.3).</summary>
public sealed partial class HistoryTab(
    TaskHistory history, TaskCommands commands, TaskFeed feed, NameLookup names, Screen screen) : IDisposable
{
    private readonly HashSet<Guid> _expanded = [];
    private readonly Announcer _announcer = new();
    private TaskPage? _page;
    private OperationNames _names = OperationNames.None;
    private int _shown;
    private IDisposable? _subscription;
    private IDisposable? _ticking;

    [Parameter, EditorRequired]
    public Guid EnvId { get; set; }

    [Parameter, EditorRequired]
    public Guid DeploymentId { get; set; }

    /// <summary>The task whose Helm run is installed now.</summary>
    [Parameter]
    public Guid? RevisionId { get; set; }

    /// <summary>Whether changes of the values override may be seen.</summary>
    [Parameter]
    public bool ShowsOverride { get; set; }

    /// <summary>From 1.</summary>
    [Parameter]
    public int Number { get; set; } = 1;

    /// <summary>The address of a page.</summary>
    [Parameter, EditorRequired]
    public required Func<int, string> PageAddress { get; set; }

    private string TotalWords => _page switch
    {
        { HasMore: true } => $"{TaskHistory.CountLimit:N0}+ tasks",
        { Total: 1 } => "1 task",
        _ => $"{_page?.Total:N0} tasks",
    };

    protected override void OnInitialized()
    {
        _subscription = feed.Subscribe(new Topic.Deployment(EnvId, DeploymentId), () => InvokeAsync(FollowAsync));
        _ticking = screen.Ticker.Subscribe(() => _ = InvokeAsync(Announce));
    }

    protected override Task OnParametersSetAsync() => Number == _shown ? Task.CompletedTask : ShowAsync();

    public void Dispose()
    {
        _subscription?.Dispose();
        _ticking?.Dispose();
    }

    private async Task ShowAsync()
    {
        _shown = Number;
        _expanded.Clear();
        await TakeAsync(await history.PageAsync(DeploymentId, Number, CancellationToken.None));
    }

    /// <summary>New rows move in only at the top of page 1, while nobody reads a row's details there.</summary>
    private async Task FollowAsync()
    {
        if (_page is not { } before)
        {
            return;
        }

        var after = before.Number == 1 && _expanded.Count == 0
            ? await history.PageAsync(DeploymentId, 1, CancellationToken.None)
            : await history.SameRowsAsync(DeploymentId, before, CancellationToken.None);
        if (before != _page)
        {
            await FollowAsync(); // another read was faster, of another page perhaps
            return;
        }

        _announcer.Note(before, after);
        await TakeAsync(after);
    }

    private async Task TakeAsync(TaskPage page)
    {
        _names = await names.OfAsync(page.Items, _names, CancellationToken.None);
        _page = page;
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

    private QueueState? Wait(DeploymentTask task) =>
        _page!.Waits.TryGetValue(task.Id, out var state) ? state : null;

    private void Toggle(DeploymentTask task)
    {
        if (!_expanded.Remove(task.Id))
        {
            _expanded.Add(task.Id);
        }
    }

    private async Task CancelAsync(DeploymentTask task)
    {
        if (await commands.CancelAsync(task))
        {
            await FollowAsync();
        }
    }

    private void Announce()
    {
        if (_announcer.Speak(screen.Ticker.Now))
        {
            StateHasChanged();
        }
    }
}
