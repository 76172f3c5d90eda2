using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Insight;
using Platz.Web.Envs;
using Platz.Web.Live;
using Platz.Web.SignIn;

namespace Platz.Web.Deployments;

/// <summary>One deployment: its head, its actions, its tabs.</summary>
public sealed partial class DeploymentView(
    DeploymentList list, DeploymentRights rights, TaskFeed feed, NavigationManager navigation) : IDisposable
{
    private static readonly string[] s_tabs = ["", "resources", "history", "insight"];

    private PlacedDeployment? _found;
    private bool _missing;
    private Standing _standing;
    private IDisposable? _subscription;
    private bool _isGone;

    [Parameter, EditorRequired]
    public required KindPlace Place { get; set; }

    /// <summary>The id, or the name where the env has only one of it.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    /// <summary>Empty for the overview.</summary>
    [Parameter]
    public string Tab { get; set; } = "";

    /// <summary>The page of the list of resources.</summary>
    [Parameter]
    public int Number { get; set; } = 1;

    /// <summary>Of Insight's period.</summary>
    [Parameter]
    public int Days { get; set; } = InsightPeriod.Usual;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Name =>
        _found is { Deployment.Name: { Length: > 0 } name } ? name : _found?.Deployment.Namespace ?? Id;

    /// <summary>What is off says nothing any more.</summary>
    private ReportedStatus? Reported =>
        _found!.Deployment is { Enabled: true, DeletedAt: null } on ? ReportedStatus.Of(on.ReportedStatus) : null;

    private string OverviewAddress => Links.Deployment(Place.Env.Name, Place.Kind.Name, _found!.Deployment.Id);

    protected override async Task OnInitializedAsync()
    {
        var actor = (await Authentication).User.Actor;
        _standing = await rights.OfAsync(actor, Place.Env.Id, Place.Kind.Id, CancellationToken.None);
        var sequence = feed.Sequence;
        var found = await list.FindAsync(Place.Env.Id, Place.Kind.Id, Id, CancellationToken.None);
        switch (found)
        {
            case [var one]:
                if (_isGone)
                {
                    return;
                }

                _found = one;
                _subscription = feed.Subscribe(
                    new Topic.Deployment(Place.Env.Id, one.Deployment.Id), sequence, _ => InvokeAsync(ReadAsync));
                break;
            case []:
                _missing = true;
                break;
            default: // several clusters have one of this name: let the reader choose
                navigation.NavigateTo(
                    $"{Links.Kind(Place.Env.Name, Place.Kind.Name)}?q={Uri.EscapeDataString(Id)}", replace: true);
                break;
        }
    }

    public void Dispose()
    {
        _isGone = true;
        _subscription?.Dispose();
    }

    private async Task ReadAsync()
    {
        var id = _found!.Deployment.Id.ToString();
        if (await list.FindAsync(Place.Env.Id, Place.Kind.Id, id, CancellationToken.None) is [var one])
        {
            _found = one;
            StateHasChanged();
        }
    }

    private async Task DoneAsync()
    {
        await ReadAsync();
        navigation.NavigateTo(HistoryAddress(1));
    }

    private string InsightAddress(int? days) =>
        Links.Insight(Place.Env.Name, Place.Kind.Name, _found!.Deployment.Id, days);

    private string HistoryAddress(int page) =>
        Links.History(Place.Env.Name, Place.Kind.Name, _found!.Deployment.Id, page);
}
