using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Web.Drafts;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Deployments;

/// <summary>Edits the description alone, which changes nothing that runs and makes no task.</summary>
public sealed partial class DescriptionDialog(DeploymentEditor editor, DeploymentList list)
{
    private string _text = "";
    private Deployment _base = null!;
    private string? _theirs;
    private string? _problem;
    private bool _busy;
    private int _opened;

    [CascadingParameter]
    public required IMudDialogInstance Dialog { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter, EditorRequired]
    public required Deployment Deployment { get; set; }

    protected override void OnInitialized() => Open();

    private void Open()
    {
        (_base, _text) = (Deployment, Deployment.DescriptionMd ?? "");
        _opened++;
    }

    private JsonObject? ToKept() => _text == (_base.DescriptionMd ?? "")
        ? null
        : new JsonObject { ["text"] = _text, ["base"] = _base.DescriptionMd ?? "" };

    /// <summary>What somebody else has made of it meanwhile is shown, and replaced only by a save.</summary>
    private Task RestoreAsync(JsonObject kept)
    {
        _text = Kept.Text(kept["text"]) ?? _text;
        _theirs = Kept.Text(kept["base"]) == (_base.DescriptionMd ?? "") ? null : _base.DescriptionMd ?? "";
        StateHasChanged();
        return Task.CompletedTask;
    }

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        (_problem, _theirs) = (null, null);
        try
        {
            await SendAsync();
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

    private async Task SendAsync()
    {
        var actor = (await Authentication).User.Actor;
        var result = await editor.UpdateAsync(_base.Id, Edit(), actor, CancellationToken.None);
        if (result is SaveResult.Conflict && await list.OneAsync(_base.Id, CancellationToken.None) is { } now
            && now.Version != _base.Version)
        {
            var isOurs = now.DescriptionMd == _base.DescriptionMd; // something else was edited
            _base = now;
            if (!isOurs)
            {
                _theirs = now.DescriptionMd ?? "";
                return;
            }

            result = await editor.UpdateAsync(_base.Id, Edit(), actor, CancellationToken.None);
        }

        if (result is SaveResult.Saved saved)
        {
            Dialog.Close(saved);
            return;
        }

        _problem = result.Refusal("This deployment is gone.");
    }

    private DeploymentEdit Edit() => new() { DescriptionMd = _text, Version = _base.Version };
}
