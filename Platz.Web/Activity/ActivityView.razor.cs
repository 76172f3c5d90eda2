using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Platz.Core.Activity;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Activity;

/// <summary>What happens in one env, or in all that the reader may see; the address says what of it (ui.md 7.1).</summary>
public sealed partial class ActivityView(
    ActivityReads reads, FilterChoices choices, TimeChoice times, Screen screen) : IAsyncDisposable
{
    private static readonly DeploymentTaskStatus[] s_ended =
        [.. Enum.GetValues<DeploymentTaskStatus>().Where(status => status.IsTerminal)];

    private readonly ListHold _hold = new();
    private ElementReference _rows;
    private readonly AddressedFilter _asked = new(reads, choices, times, screen);
    private Actor? _reader;
    private TaskFilter _filter = TaskFilter.All;
    private TaskFilter? _active;
    private TaskFilter? _ended;
    private Topic _topic = new Topic.Table("deployment_tasks");
    private ActorLinks? _actors;
    private bool _anyActive;

    /// <summary>Null for all envs.</summary>
    [Parameter]
    public Env? Env { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private ActivityQuery Query => _asked.Query;

    private ActivityScope? Scope => _asked.Scope;

    private string Path => Env is { } env ? Links.Activity(env.Name) : Links.AllActivity;

    /// <summary>Today began where the reader is, which the server of a file does not know.</summary>
    private string ExportQuery => Query.Has(ActivityQuery.TimeRange, TimeRanges.Today)
        ? Query.Set(TaskFilterQuery.From, $"{_filter.CreatedFrom:yyyy-MM-dd'T'HH:mm:ss'Z'}").Write()
        : Query.Write();

    /// <summary>Then the question is what they have touched.</summary>
    private bool IsAboutActors => Query.ByBots || Query.Filter.Actors.Count > 0;

    protected override async Task OnInitializedAsync()
    {
        _topic = Env is { } env ? new Topic.Env(env.Id) : _topic;
        _actors = ActorLinks.Within(() => Query, Address);
        _asked.Follow(Path, () => _ = InvokeAsync(MoveAsync), Aged);
        _reader = (await Authentication).User.Actor;
        await AskAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Scope is not null)
        {
            await _hold.WatchAsync(screen, _rows);
        }
    }

    public ValueTask DisposeAsync()
    {
        _asked.Dispose();
        return _hold.DisposeAsync();
    }

    /// <summary>A range that ends now begins later and later.</summary>
    private bool Resolve()
    {
        var filter = _asked.Now;
        if (filter == _filter && (_active ?? _ended) is not null)
        {
            return false;
        }

        var statuses = filter.Statuses;
        var ended = statuses.Count == 0 ? s_ended : [.. statuses.Where(status => status.IsTerminal)];
        _filter = filter;
        _active = statuses.Count > ended.Length || statuses.Count == 0 ? filter : null;
        _ended = ended.Length > 0 ? filter with { Statuses = ended } : null;
        _anyActive &= _active is not null;
        return true;
    }

    private async Task AskAsync()
    {
        if (await _asked.AskAsync(_reader!, Env?.Id))
        {
            Resolve();
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

    private void Aged() => _ = InvokeAsync(() =>
    {
        if (Scope is not null && !_hold.IsHeld && Resolve())
        {
            StateHasChanged();
        }
    });

    private string Address(ActivityQuery query) => Addressed(query.Write());

    private string PageAddress(int page) => Addressed(Query.Write(page));

    private string Addressed(string query) => query.Length > 0 ? $"{Path}?{query}" : Path;

    private void Go(ActivityQuery query) => screen.Navigation.NavigateTo(Address(query));
}
