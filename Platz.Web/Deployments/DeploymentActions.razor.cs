using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Values;
using Platz.Web.Envs;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Deployments;

/// <summary>What can be done to a deployment without opening its form. Each asks first; each makes one task.</summary>
public sealed partial class DeploymentActions(DeploymentEditor editor, Screen screen)
{
    private bool _busy;

    [Parameter, EditorRequired]
    public required KindPlace Place { get; set; }

    [Parameter, EditorRequired]
    public required Deployment Deployment { get; set; }

    /// <summary>What the user is here: what is shown follows from it; each command asks again.</summary>
    [Parameter, EditorRequired]
    public required Standing Standing { get; set; }

    /// <summary>A task was queued.</summary>
    [Parameter]
    public EventCallback OnDone { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Name => Deployment.Name.Length > 0 ? Deployment.Name : Deployment.Namespace;

    private Task RedeployAsync() => DoAsync(
        $"Redeploy {Name}?",
        new Question("Helm runs again with the same chart version and the same values.", "Redeploy"),
        (key, actor) => editor.UpdateAsync(
            Deployment.Id,
            new DeploymentEdit
            {
                Config = SealedJson.MaskInputs(Deployment.Config),
                Version = Deployment.Version,
                IdempotencyKey = new(key),
            },
            actor, CancellationToken.None));

    private Task ToggleAsync() => Deployment.Enabled
        ? DoAsync(
            $"Disable {Name}?",
            new Question($"The release is uninstalled and the namespace {Deployment.Namespace} deleted, with all "
                + "that is in it. Config and history stay; enabling installs it anew.", "Disable", Danger: true),
            (key, actor) => SetEnabledAsync(false, key, actor))
        : DoAsync(
            $"Enable {Name}?",
            new Question($"It is installed into the namespace {Deployment.Namespace}.", "Enable"),
            (key, actor) => SetEnabledAsync(true, key, actor));

    private Task DeleteAsync() => DoAsync(
        $"Delete {Name}?",
        new Question($"Waiting tasks are canceled, the release is uninstalled and the namespace {Deployment.Namespace} "
            + "deleted, with all that is in it. Only the history stays.", "Delete", Danger: true, TypeToConfirm: Name),
        (key, actor) => editor.DeleteAsync(Deployment.Id, actor, new(key), CancellationToken.None));

    private Task<SaveResult> SetEnabledAsync(bool enabled, string key, Actor actor) => editor.UpdateAsync(
        Deployment.Id, new DeploymentEdit { Enabled = enabled, IdempotencyKey = new(key) }, actor, CancellationToken.None);

    private async Task DoAsync(string title, Question question, Func<string, Actor, Task<SaveResult>> command)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            var key = Guid.NewGuid().ToString(); // of this one question: a second answer to it makes no second task
            if (await screen.AskAsync<ConfirmDialog, string>(title, question.Parameters) is null)
            {
                return;
            }

            await ShowAsync(await command(key, (await Authentication).User.Actor));
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            screen.SayNoDatabase();
        }
        finally
        {
            _busy = false;
        }
    }

    private Task ShowAsync(SaveResult result)
    {
        if (result is SaveResult.Saved)
        {
            return OnDone.InvokeAsync();
        }

        screen.Say((result.Refusal("This deployment is gone."), Severity.Error));
        return Task.CompletedTask;
    }

    private sealed record Question(string Text, string Verb, bool Danger = false, string? TypeToConfirm = null)
    {
        public Dictionary<string, object?> Parameters => new()
        {
            [nameof(ConfirmDialog.Text)] = Text,
            [nameof(ConfirmDialog.Verb)] = Verb,
            [nameof(ConfirmDialog.Danger)] = Danger,
            [nameof(ConfirmDialog.TypeToConfirm)] = TypeToConfirm,
        };
    }
}
