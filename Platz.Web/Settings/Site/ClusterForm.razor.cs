using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Web.Drafts;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Settings.Site;

/// <summary>What a site admin sets of a cluster.</summary>
public sealed partial class ClusterForm(
    ClusterEditor editor, SiteLists lists, EnvLookup lookup, Screen screen)
{
    private List<Env> _envs = [];
    private IReadOnlyList<FieldError> _errors = [];
    private ClusterSettings _seen = null!;
    private ClusterSettings _now = null!;
    private string? _problem;
    private bool _isConflict;
    private bool _refused;
    private bool _busy;
    private DraftKeeper _keeper = null!;

    [Parameter, EditorRequired]
    public required ClusterRow Cluster { get; set; }

    /// <summary>The user gives up what was typed for what somebody else has saved.</summary>
    [Parameter]
    public EventCallback OnReload { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private bool IsTouched => _now != _seen;

    protected override async Task OnInitializedAsync()
    {
        _seen = _now = Cluster.Settings;
        _envs = await lookup.OfAsync((await Authentication).User.Actor, CancellationToken.None);
    }

    protected override Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_refused)
        {
            return Task.CompletedTask;
        }

        _refused = false;
        return screen.FocusInvalidAsync("[data-cluster-form]");
    }

    /// <summary>With what it was made from: a change by somebody else meanwhile is a conflict then as now.</summary>
    private JsonObject? ToKept() => IsTouched ? new JsonObject { ["seen"] = Json(_seen), ["now"] = Json(_now) } : null;

    private Task RestoreAsync(JsonObject kept)
    {
        _seen = kept["seen"].Deserialize<ClusterSettings>() ?? _seen;
        _now = kept["now"].Deserialize<ClusterSettings>() ?? _now;
        StateHasChanged();
        return Task.CompletedTask;
    }

    private static JsonNode? Json(ClusterSettings settings) => JsonSerializer.SerializeToNode(settings);

    private string? Error(string field) => _errors.FirstOrDefault(e => e.Field == field)?.Message;

    private string Invalid(string field) => Error(field) is null ? "false" : "true";

    private void Typed(ClusterText text, string? value)
    {
        _now = text.With(_now, value ?? "");
        _errors = [.. _errors.Where(e => e.Field != text.Field)];
    }

    private void EnvChosen(ChangeEventArgs e) =>
        _now = _now with { EnvId = Guid.TryParse((string?)e.Value, out var id) ? id : null };

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        (_errors, _problem, _isConflict) = ([], null, false);
        try
        {
            var actor = (await Authentication).User.Actor;
            Show(await editor.UpdateAsync(Cluster.Id, _now, _seen, actor, CancellationToken.None));
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            _problem = Screen.NoDatabase;
        }
        finally
        {
            _busy = false;
        }
    }

    private void Show(SettingResult result)
    {
        switch (result)
        {
            case SettingResult.Saved:
                _seen = _now = _now.Trimmed();
                screen.Say(("The cluster is saved.", Severity.Success));
                break;
            case SettingResult.Invalid(var errors):
                (_errors, _refused) = (errors, true);
                break;
            case SettingResult.Conflict:
                _isConflict = true;
                break;
            default:
                _problem = result.Refusal("This cluster is gone: somebody has deleted it meanwhile.");
                break;
        }
    }

    private async Task OverwriteAsync()
    {
        _seen = (await lists.ClusterAsync(Cluster.Id, CancellationToken.None))?.Settings ?? _seen;
        await SaveAsync();
    }

    private async Task DropAsync()
    {
        _now = _seen;
        await _keeper.EndAsync();
        await OnReload.InvokeAsync();
    }

    private async Task DeleteAsync()
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] =
                "Its kubeconfig is gone for good; its history stays. It is refused while the cluster has deployments."
                + (Cluster.IsConfigured
                    ? " It stands in the configuration of a runner: take it out there, or the next start brings it back." : ""),
            [nameof(ConfirmDialog.Verb)] = "Delete",
            [nameof(ConfirmDialog.Danger)] = true,
            [nameof(ConfirmDialog.TypeToConfirm)] = Cluster.Name,
        };
        if (_busy || await screen.AskAsync<ConfirmDialog, string>($"Delete {Cluster.Name}?", parameters) is null)
        {
            return;
        }

        _busy = true;
        try
        {
            ShowDeleted(await editor.DeleteAsync(Cluster.Id, (await Authentication).User.Actor, CancellationToken.None));
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            _problem = Screen.NoDatabase;
        }
        finally
        {
            _busy = false;
        }
    }

    private void ShowDeleted(SettingResult result)
    {
        if (result is SettingResult.Saved)
        {
            _now = _seen;
            screen.Say(($"{Cluster.Name} is deleted.", Severity.Success));
            screen.Navigation.NavigateTo(Links.Site("clusters"));
            return;
        }

        _problem = result.Refusal("This cluster is gone already.");
    }

    private async Task AskBeforeLeavingAsync(LocationChangingContext leaving)
    {
        if (IsTouched && !await screen.AskBeforeLeavingAsync())
        {
            leaving.PreventNavigation();
            return;
        }

        await _keeper.EndAsync();
    }
}
