using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Platz.Core.Activity;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Activity;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.History;

/// <summary>All that ever happened to one deployment; the address says what of it is shown.</summary>
public sealed partial class HistoryTab(
    StatusCounts counts, FilterChoices choices, TimeChoice times, TaskFeed feed, Screen screen) : IDisposable
{
    private static readonly DeploymentTaskStatus[] s_statuses = Enum.GetValues<DeploymentTaskStatus>();

    private ActivityQuery _query = ActivityQuery.Empty;
    private TaskFilter _filter = TaskFilter.All;
    private Topic _topic = new Topic.Table("deployment_tasks");
    private IReadOnlyList<Guid> _envs = [];
    private ActivityScope? _scope;
    private FilterNames _names = FilterNames.None;
    private Actor? _reader;
    private IReadOnlyDictionary<DeploymentTaskStatus, int> _counts = new Dictionary<DeploymentTaskStatus, int>();
    private readonly Turns _turns = new();
    private IDisposable? _subscription;

    [Parameter, EditorRequired]
    public Guid EnvId { get; set; }

    [Parameter, EditorRequired]
    public Guid DeploymentId { get; set; }

    /// <summary>Of this tab.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    /// <summary>The task whose Helm run is installed now.</summary>
    [Parameter]
    public Guid? RevisionId { get; set; }

    /// <summary>Whether changes of the values override may be seen.</summary>
    [Parameter]
    public bool ShowsOverride { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        (_envs, _topic) = ([EnvId], new Topic.Deployment(EnvId, DeploymentId));
        screen.Navigation.LocationChanged += Moved;
        _subscription = feed.Subscribe(_topic, since => InvokeAsync(() => CountAsync(since)));
        _reader = (await Authentication).User.Actor;
        await AskAsync();
        await CountAsync(since: null);
    }

    public void Dispose()
    {
        screen.Navigation.LocationChanged -= Moved;
        _subscription?.Dispose();
    }

    private async Task AskAsync()
    {
        var address = screen.Navigation.Uri;
        var query = ActivityQuery.Parse(new Uri(address).Query);
        var scope = await Reads.ScopeAsync(_reader!, null, CancellationToken.None);
        var names = await choices.NamesAsync(query.Filter, _envs, CancellationToken.None);
        var bots = query.ByBots ? await choices.BotsAsync(CancellationToken.None) : [];
        if (address != screen.Navigation.Uri)
        {
            return; // asked for something else meanwhile
        }

        (_query, _names, _scope) = (query, names, scope);
        _filter = scope.Within(query.At(screen.Ticker.Now, times.Zone, bots) with { DeploymentIds = [DeploymentId] });
    }

    private Task CountAsync(long? since) => _turns.TakeAsync(async () =>
    {
        var (id, envs) = (DeploymentId, _filter.EnvIds);
        var view = (nameof(StatusCounts), id, envs is null ? "" : string.Join(' ', envs.Order()));
        _counts = await feed.ReadAsync(view, since, () => counts.OfAsync(id, envs, CancellationToken.None));
        StateHasChanged();
    });

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == screen.Navigation.ToAbsoluteUri(Path).AbsolutePath)
        {
            _ = InvokeAsync(MoveAsync);
        }
    }

    private async Task MoveAsync()
    {
        try
        {
            await AskAsync();
            StateHasChanged();
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }

    /// <summary>It may have been in another env once.</summary>
    private bool MayReadOverride(DeploymentTask task) =>
        task.EnvId == EnvId ? ShowsOverride : _scope?.MayReadOverride(task) is true;

    private string CountOf(DeploymentTaskStatus status)
    {
        var count = _counts.GetValueOrDefault(status);
        return _counts.Values.Sum() >= TaskHistory.CountLimit && status.IsTerminal ? $"{count:N0}+" : $"{count:N0}";
    }

    private string Address(ActivityQuery query) => Addressed(query.Write());

    private string PageAddress(int page) => Addressed(_query.Write(page));

    private string OlderAddress(DateTimeOffset end) => Address(_query.Until(end, _filter.CreatedFrom));

    private string Addressed(string query) => query.Length > 0 ? $"{Path}?{query}" : Path;

    private void Go(ActivityQuery query) => screen.Navigation.NavigateTo(Address(query));
}
