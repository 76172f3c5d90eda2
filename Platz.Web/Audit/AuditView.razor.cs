using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Audit;

/// <summary>
/// What happened and is no task, of one env or of the whole site, as the address says. What comes meanwhile is offered
/// and not pushed between what is being read.
/// </summary>
public sealed partial class AuditView(
    AuditReads reads, DeploymentRights rights, TaskFeed feed, TimeChoice times, Screen screen) : IDisposable
{
    private const int EventsAtOnce = 50;

    private IDisposable? _subscription;
    private AuditQuery _query = AuditQuery.Parse("");
    private AuditFilter _filter = new();
    private AuditSlice? _slice;
    private AuditEvent? _verified;
    private long _newest;
    private int _newer;
    private bool _isSiteAdmin;
    private bool _isRefused;

    /// <summary>Null for the whole site.</summary>
    [Parameter]
    public Env? Env { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Path => Links.Audit(Env?.Name);

    private string ActorShown => _slice?.Events is [var first, ..] ? AnsiText.Strip(AuditWords.Actor(first)) : "somebody";

    protected override async Task OnInitializedAsync()
    {
        _subscription = feed.Subscribe(new Topic.Table("audit_events"), () => InvokeAsync(CountAsync));
        screen.Navigation.LocationChanged += Moved;
        await ReadAsync();
    }

    public void Dispose()
    {
        screen.Navigation.LocationChanged -= Moved;
        _subscription?.Dispose();
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == new Uri(new Uri(screen.Navigation.BaseUri), Path).AbsolutePath)
        {
            _ = InvokeAsync(MoveAsync);
        }
    }

    private async Task MoveAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }

    private async Task ReadAsync()
    {
        if (!await MayReadAsync())
        {
            return;
        }

        var query = AuditQuery.Parse(new Uri(screen.Navigation.Uri).Query);
        _query = query;
        _filter = query.At(screen.Ticker.Now, times.Zone, Env?.Id);
        var slice = await reads.SliceAsync(_filter, query.Before, EventsAtOnce, CancellationToken.None);
        _verified = Env is null ? await reads.LastVerifiedAsync(CancellationToken.None) : null;
        if (query != _query)
        {
            return; // somebody has moved on meanwhile
        }

        _slice = slice;
        if (query.Before is null)
        {
            (_newest, _newer) = (slice.Events is [var first, ..] ? first.Seq : 0, 0);
        }
        else if (_newest == 0)
        {
            _newest = await reads.NewestAsync(CancellationToken.None); // opened further back: newer is what comes from now on
        }

        StateHasChanged();
    }

    /// <summary>Asked at every reading: a page stays open longer than a right.</summary>
    private async Task<bool> MayReadAsync()
    {
        var grants = await rights.GrantsAsync((await Authentication).User.Actor, CancellationToken.None);
        _isSiteAdmin = grants.In(envId: null, kindId: null).Allows(Permission.ReadAudit);
        _isRefused = !grants.In(Env?.Id, kindId: null).Allows(Permission.ReadAudit);
        if (_isRefused)
        {
            _slice = null;
            StateHasChanged();
        }

        return !_isRefused;
    }

    private async Task CountAsync()
    {
        if (_slice is not null && await MayReadAsync())
        {
            _newer = await reads.CountNewerAsync(_filter, _newest, CancellationToken.None);
            StateHasChanged();
        }
    }

    private Task ShowNewestAsync()
    {
        if (_query.Before is null)
        {
            return ReadAsync();
        }

        screen.Navigation.NavigateTo(Address(_query.Until(null)));
        return Task.CompletedTask;
    }

    private string Address(AuditQuery query) => query.Write() is { Length: > 0 } text ? $"{Path}?{text}" : Path;

    private void Choose(string name, ChangeEventArgs e) => Choose(name, (string?)e.Value);

    /// <summary>A time that moves with the clock and one that does not take the place of each other.</summary>
    private void Choose(string name, string? value)
    {
        var query = name switch
        {
            AuditQuery.RangeName => _query.Set(AuditQuery.FromName, null).Set(AuditQuery.ToName, null),
            AuditQuery.FromName or AuditQuery.ToName => _query.Set(AuditQuery.RangeName, null),
            _ => _query,
        };
        screen.Navigation.NavigateTo(Address(query.Set(name, value)));
    }
}
