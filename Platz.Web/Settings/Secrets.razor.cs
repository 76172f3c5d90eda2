using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Settings;

/// <summary>The secrets of an env, by collection.</summary>
public sealed partial class Secrets(SecretEditor editor, TaskFeed feed, Screen screen) : IDisposable
{
    private List<SecretItem>? _secrets;
    private readonly List<IDisposable> _subscriptions = [];
    private bool _busy;

    [Parameter, EditorRequired]
    public required Env Env { get; set; }

    [Parameter]
    public bool MayEdit { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Topic[] topics = [new Topic.Table("secrets"), new Topic.Env(Env.Id)]; // and who uses them
        _subscriptions.AddRange(topics.Select(topic => feed.Subscribe(topic, () => InvokeAsync(ReadAsync))));
        await ReadAsync();
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private async Task ReadAsync()
    {
        _secrets = await editor.ListAsync(Env.Id, CancellationToken.None);
        StateHasChanged();
    }

    private Task AddAsync() => EditAsync("Add a secret", secret: null);

    private Task ChangeAsync(SecretItem secret) => EditAsync($"Change {secret.Collection}/{secret.Name}", secret);

    private async Task EditAsync(string title, SecretItem? secret)
    {
        Func<SecretDraft, Task<SecretResult>> save = async draft =>
        {
            var actor = (await Authentication).User.Actor;
            return secret is null
                ? await editor.CreateAsync(
                    new NewSecret(Env.Id, draft.Collection, draft.Name, draft.Contents), actor, CancellationToken.None)
                : await editor.UpdateAsync(
                    secret.Id, draft.Name, draft.Contents.Length == 0 ? null : draft.Contents, actor, CancellationToken.None);
        };
        await OneAtATimeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?>
            {
                [nameof(SecretDialog.Existing)] = secret,
                [nameof(SecretDialog.Save)] = save,
                [nameof(SecretDialog.Form)] = secret?.Id.ToString() ?? Env.Id.ToString(),
            };
            if (await screen.AskAsync<SecretDialog, SecretResult.Saved>(title, parameters) is { } saved)
            {
                screen.Say((Done(saved), Severity.Success));
                await ReadAsync();
            }
        });
    }

    private Task DeleteAsync(SecretItem secret) => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] = "Its contents are gone for good. It is refused while a deployment uses it.",
            [nameof(ConfirmDialog.Verb)] = "Delete",
            [nameof(ConfirmDialog.Danger)] = true,
        };
        if (await screen.AskAsync<ConfirmDialog, string>($"Delete {secret.Collection}/{secret.Name}?", parameters) is null)
        {
            return;
        }

        var result = await editor.DeleteAsync(secret.Id, (await Authentication).User.Actor, CancellationToken.None);
        if (result is not SecretResult.Saved)
        {
            screen.Say((SecretDraft.Words(result), Severity.Error));
        }

        await ReadAsync();
    });

    private async Task OneAtATimeAsync(Func<Task> command)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            await command();
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

    private static string Done(SecretResult.Saved saved) => saved.Reinstalled switch
    {
        0 => "The secret is stored.",
        1 => "The secret is stored; the deployment that uses it is reinstalled.",
        var n => $"The secret is stored; the {n} deployments that use it are reinstalled.",
    };

    private static string Users(int count) => count switch
    {
        0 => "nothing",
        1 => "1 deployment",
        _ => $"{count} deployments",
    };
}
