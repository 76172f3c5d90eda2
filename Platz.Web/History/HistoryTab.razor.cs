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
        var reader = (await Authentication).User.Actor;
        await AskAsync();
        await CountAsync(since: null);
        _reader = reader;
    }

    public void Dispose()
    {
        screen.Navigation.LocationChanged -= Moved;
        _subscription?.Dispose();
    }

    private async Task AskAsync()
    {
        var query = ActivityQuery.Parse(new Uri(screen.Navigation.Uri).Query);
        var names = await choices.NamesAsync(query.Filter, _envs, CancellationToken.None);
        var bots = query.ByBots ? await choices.BotsAsync(_envs, CancellationToken.None) : [];
        (_query, _names) = (query, names);
        _filter = query.At(screen.Ticker.Now, times.Zone, bots) with { DeploymentIds = [DeploymentId] };
    }

    private Task CountAsync(long? since) => _turns.TakeAsync(async () =>
    {
        var id = DeploymentId;
        _counts = await feed.ReadAsync((nameof(StatusCounts), id), since, () => counts.OfAsync(id, CancellationToken.None));
        StateHasChanged();
    });

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == screen.Navigation.ToAbsoluteUri(Path).AbsolutePath)
        {
            _ = InvokeAsync(async () =>
            {
                await AskAsync();
                StateHasChanged();
            });
        }
    }

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
