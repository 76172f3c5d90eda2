using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
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
    StatusCounts counts, TaskFeed feed, Screen screen) : IDisposable
{
    private static readonly DeploymentTaskStatus[] s_statuses = Enum.GetValues<DeploymentTaskStatus>();

    private AddressedFilter _asked = null!;
    private TaskFilter _filter = TaskFilter.All;
    private Topic _topic = new Topic.Table("deployment_tasks");
    private IReadOnlyList<Guid> _envs = [];
    private Actor? _reader;
    private IReadOnlyDictionary<DeploymentTaskStatus, int> _counts = new Dictionary<DeploymentTaskStatus, int>();
    private bool _isCounted;
    private readonly Turns _turns = new();
    private IDisposable? _subscription;

    private ActivityQuery Query => _asked.Query;

    private ActivityScope? Scope => _asked.Scope;

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
        _asked = new AddressedFilter(Reads, Choices, Times, screen);
        _asked.Follow(Path, () => _ = InvokeAsync(MoveAsync), () => _ = InvokeAsync(Age));
        _subscription = feed.Subscribe(_topic, since => InvokeAsync(() => CountAsync(since)));
        _reader = (await Authentication).User.Actor;
        await AskAsync();
    }

    public void Dispose()
    {
        _asked.Dispose();
        _subscription?.Dispose();
    }

    private async Task AskAsync()
    {
        if (await _asked.AskAsync(_reader!, env: null, _envs))
        {
            var seen = _filter.EnvIds;
            Resolve();
            if (!_isCounted || !(seen ?? []).ToHashSet().SetEquals(_filter.EnvIds ?? []))
            {
                await CountAsync(since: null);
            }
        }
    }

    private bool Resolve()
    {
        var filter = _asked.Now with { DeploymentIds = [DeploymentId] };
        (var before, _filter) = (_filter, filter);
        return filter != before;
    }

    private Task CountAsync(long? since) => _turns.TakeAsync(async () =>
    {
        if (Scope is null)
        {
            return; // counted once it is known what may be seen
        }

        var (id, envs) = (DeploymentId, _filter.EnvIds);
        var view = (nameof(StatusCounts), id, envs is null ? "" : string.Join(' ', envs.Order()));
        _isCounted = true;
        _counts = await feed.ReadAsync(view, since, () => counts.OfAsync(id, envs, CancellationToken.None));
        StateHasChanged();
    });

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

    private void Age()
    {
        if (Scope is not null && Resolve())
        {
            StateHasChanged();
        }
    }

    /// <summary>It may have been in another env once.</summary>
    private bool MayReadOverride(DeploymentTask task) =>
        task.EnvId == EnvId ? ShowsOverride : Scope?.MayReadOverride(task) is true;

    private string CountOf(DeploymentTaskStatus status)
    {
        var count = _counts.GetValueOrDefault(status);
        return _counts.Values.Sum() >= TaskHistory.CountLimit && status.IsTerminal ? $"{count:N0}+" : $"{count:N0}";
    }

    private string Address(ActivityQuery query) => Addressed(query.Write());

    private string PageAddress(int page) => Addressed(Query.Write(page));

    private string OlderAddress(DateTimeOffset end) => Address(Query.Until(end, _filter.CreatedFrom));

    private string Addressed(string query) => query.Length > 0 ? $"{Path}?{query}" : Path;

    private void Go(ActivityQuery query) => screen.Navigation.NavigateTo(Address(query));
}
