using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Web.Drafts;
using Platz.Web.Envs;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Deployments;

/// <summary>The form for a new deployment and for an edit; after a save the history shows the task it made.</summary>
public sealed partial class DeploymentForm(
    DeploymentSave save, ChartChoices choices, DeploymentRights rights, TaskFeed feed, Screen screen) : IDisposable
{
    private DeploymentDraft _draft = null!; // null until it is known what may be shown
    private List<ChartChoice> _charts = [];
    private List<ClusterChoice> _clusters = [];
    private PlacedDeployment? _theirs;
    private bool _saving;
    private bool _saved;
    private bool _refused;
    private object? _lastChoice;
    private IDisposable? _subscription;
    private bool _isGone;
    private DraftKeeper _keeper = null!; // there as soon as there is a draft

    [Parameter, EditorRequired]
    public required KindPlace Place { get; set; }

    /// <summary>Null for a new one.</summary>
    [Parameter]
    public PlacedDeployment? Existing { get; set; }

    /// <summary>The version to begin with, where it can be picked.</summary>
    [Parameter]
    public Guid? Chart { get; set; }

    /// <summary>The user gives up the draft for what somebody else has saved.</summary>
    [Parameter]
    public EventCallback OnReload { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Verb => (_draft.IsNew, _draft.IsTouched) switch
    {
        (true, _) => "Create and install",
        (_, true) => "Save",
        _ => "Redeploy without changes",
    };

    private string ClusterName =>
        _clusters.Find(c => c.Id == _draft.ClusterId)?.Name ?? Existing?.ClusterName ?? "";

    private string DraftName => Existing is { Deployment.Id: var id } ? $"edit:{id}" : $"new:{Place.Env.Id}:{Place.Kind.Id}";

    private string Back => Existing is { Deployment.Id: var id }
        ? Links.Deployment(Place.Env.Name, Place.Kind.Name, id)
        : Links.Kind(Place.Env.Name, Place.Kind.Name);

    protected override async Task OnInitializedAsync()
    {
        var standing = await rights.OfAsync(
            (await Authentication).User.Actor, Place.Env.Id, Place.Kind.Id, CancellationToken.None);
        _clusters = await choices.ClustersAsync(Place.Env.Id, CancellationToken.None);
        _draft = new DeploymentDraft(Place.Kind.Id, Place.Kind.Name, Existing?.Deployment)
        {
            MayOverride = standing.Allows(Permission.ReadValuesOverride),
        };
        if (_draft.IsNew && _clusters is [var only])
        {
            _draft.SetCluster(only.Id);
        }

        if (_isGone)
        {
            return;
        }

        _subscription = feed.Subscribe(new Topic.Table("helm_charts"), () => InvokeAsync(ReadChartsAsync));
        await ReadChartsAsync();
        if (_charts.Find(c => c.Id == Chart) is { Obstacle: null } wanted)
        {
            await ChartChosenAsync(wanted);
        }
    }

    protected override Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_refused)
        {
            return Task.CompletedTask;
        }

        _refused = false;
        return screen.FocusInvalidAsync("[data-deployment-form]");
    }

    public void Dispose()
    {
        _isGone = true;
        _subscription?.Dispose();
    }

    private async Task ReadChartsAsync()
    {
        _charts = await choices.OfKindAsync(Place.Kind.Id, _draft.Base?.HelmChartId, CancellationToken.None);
        if (_charts.Find(c => c.Id == (_draft.Chart?.Id ?? _draft.Base?.HelmChartId)) is { } chosen)
        {
            await ChartChosenAsync(chosen); // it may have become unavailable meanwhile
        }

        StateHasChanged();
    }

    private async Task ChartChosenAsync(ChartChoice? chart)
    {
        var last = _lastChoice = new object();
        var schema = chart is null || chart.Id == _draft.Chart?.Id
            ? _draft.Schema
            : await choices.SchemaAsync(chart.Id, CancellationToken.None);
        if (last == _lastChoice) // nothing else was chosen meanwhile
        {
            _draft.SetChart(chart, schema);
        }
    }

    private async Task RestoreAsync(JsonObject kept)
    {
        if (_charts.Find(c => c.Id == DeploymentDraft.ChartOf(kept)) is { } chosen)
        {
            await ChartChosenAsync(chosen);
        }

        _draft.Restore(kept);
        StateHasChanged();
    }

    private FinalValuesRequest? Preview() => _draft.ToPreview(Place.Env.Id);

    private void Described(ChangeEventArgs e) => _draft.SetDescription((string?)e.Value ?? "");

    private async Task SaveAsync()
    {
        if (_saving || _saved)
        {
            return;
        }

        if (!_draft.Check())
        {
            _refused = true;
            return;
        }

        _saving = true;
        _draft.MarkSent();
        try
        {
            await _keeper.KeepAsync();
            var actor = (await Authentication).User.Actor;
            (var result, _theirs) = await save.SendAsync(_draft, Place, actor, CancellationToken.None);
            if (result is SaveResult.Saved saved)
            {
                _saved = true;
                await _keeper.EndAsync();
                screen.Navigation.NavigateTo(saved.TaskId is null
                    ? Back
                    : Links.History(Place.Env.Name, Place.Kind.Name, saved.DeploymentId));
                return;
            }

            _draft.Take(result);
            _refused = true;
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            // The text stays; sending the same draft again makes no second task.
            _draft.Problem = Screen.NoDatabase;
        }
        finally
        {
            _saving = false;
        }
    }

    private Task OverwriteAsync()
    {
        _draft.AcceptAsBase(_theirs!.Deployment);
        _theirs = null;
        return SaveAsync();
    }

    private async Task ReloadAsync()
    {
        await _keeper.EndAsync();
        await DiscardAsync();
    }

    private Task DiscardAsync()
    {
        _saved = true;
        return OnReload.InvokeAsync();
    }

    private async Task AskBeforeLeavingAsync(LocationChangingContext leaving)
    {
        if (_saved)
        {
            return;
        }

        if (_draft.IsTouched && !await screen.AskBeforeLeavingAsync())
        {
            leaving.PreventNavigation();
            return;
        }

        await _keeper.EndAsync();
    }
}
