using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Web.Live;
using Platz.Web.SignIn;

namespace Platz.Web.Deployments;

/// <summary>The deployments of an env, of one kind or of all, as they stand now.</summary>
public sealed partial class DeploymentTable(
    DeploymentList list, ResourceDots resources, ChartChoices charts, DeploymentRights rights, TaskFeed feed) : IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private bool _isGone;
    private IDisposable? _resourceSubscription;
    private HashSet<Guid> _watched = [];
    private IReadOnlyDictionary<Guid, DotLine> _dots = new Dictionary<Guid, DotLine>();
    private NewestCharts _newest = NewestCharts.None;
    private Grants _grants = Grants.None;
    private DeploymentPage? _page;

    [Parameter, EditorRequired]
    public required Env Env { get; set; }

    /// <summary>Null for all kinds.</summary>
    [Parameter]
    public Kind? Kind { get; set; }

    [Parameter]
    public string Filter { get; set; } = "";

    [Parameter]
    public DeploymentStatus? Status { get; set; }

    [Parameter]
    public int Number { get; set; } = 1;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private DeploymentFilter Wanted => new(Env.Id, Kind?.Id, Filter, Status, Number);

    private bool IsFiltered => Filter.Length > 0 || Status is not null;

    private string FilterWords => Kind is null ? "Filter by name, kind or cluster" : "Filter by name or cluster";

    private string EmptyWords => (IsFiltered, Kind) switch
    {
        (true, _) => "Nothing matches",
        (_, { } kind) => $"No {Tasks.AnsiText.Strip(kind.Name)} deployments yet",
        _ => "No deployments yet",
    };

    protected override async Task OnInitializedAsync()
    {
        _subscriptions.Add(feed.Subscribe(new Topic.Env(Env.Id), () => InvokeAsync(ReadAsync)));
        _subscriptions.Add(feed.Subscribe(new Topic.Table("helm_charts"), () => InvokeAsync(ReadChartsAsync)));
        _grants = await rights.GrantsAsync((await Authentication).User.Actor, CancellationToken.None);
        await ReadChartsAsync();
    }

    protected override Task OnParametersSetAsync() => ReadAsync();

    public void Dispose()
    {
        _isGone = true;
        _subscriptions.ForEach(subscription => subscription.Dispose());
        _resourceSubscription?.Dispose();
    }

    private async Task ReadAsync()
    {
        var wanted = Wanted;
        var page = await list.PageAsync(wanted, CancellationToken.None);
        if (wanted != Wanted)
        {
            return; // another page was asked for meanwhile
        }

        _page = page;
        StateHasChanged();
        Watch([.. page.Items.Select(item => item.Id)]);
        await ReadDotsAsync();
    }

    private async Task ReadDotsAsync()
    {
        var watched = _watched;
        var dots = await resources.OfAsync(watched, CancellationToken.None);
        if (ReferenceEquals(watched, _watched))
        {
            _dots = dots;
            StateHasChanged();
        }
    }

    private async Task ReadChartsAsync()
    {
        _newest = await charts.NewestAsync(Kind?.Id, CancellationToken.None);
        StateHasChanged();
    }

    private void Watch(HashSet<Guid> deployments)
    {
        if (!_isGone && !_watched.SetEquals(deployments))
        {
            _resourceSubscription?.Dispose();
            _watched = deployments;
            _resourceSubscription = feed.Subscribe(
                new Topic.ResourcesOfAny(Env.Id, deployments), () => InvokeAsync(ReadDotsAsync));
        }
    }

    private Standing StandingOf(Guid kindId) => _grants.In(Env.Id, kindId);

    private ChartVersion? UpdateOf(DeploymentItem item) =>
        item.Status is not DeploymentStatus.Deleting && StandingOf(item.Kind.Id).Allows(Permission.EditDeployment)
            ? _newest.After(item.Chart)
            : null;

    private void ApplyFilter(ChangeEventArgs e) =>
        Navigation.NavigateTo(With("q", e.Value is string { Length: > 0 } q ? q : null), replace: true);

    private string StatusAddress(DeploymentStatus? status) => With("status", status?.ToString());

    private string With(string name, string? value) =>
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { [name] = value, ["page"] = null });

    private string Address(int number) => Navigation.GetUriWithQueryParameter("page", number > 1 ? number : (int?)null);
}
