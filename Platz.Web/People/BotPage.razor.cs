using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.People;

/// <summary>One bot: its tokens, and what it may do.</summary>
public sealed partial class BotPage(PeopleLists lists, BotEditor editor, TaskFeed feed, Screen screen) : IDisposable
{
    private static readonly string[] s_tables = ["bots", "env_user_permissions", "deployment_permissions"];

    private BotRow? _bot;
    private IReadOnlyList<RolesInEnv> _roles = [];
    private readonly List<IDisposable> _subscriptions = [];
    private bool _searched;
    private bool _busy;

    [Parameter, EditorRequired]
    public required Guid Id { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private Actor Self => new Actor.Bot(Id, _bot?.Bot.DisplayName ?? "");

    protected override void OnInitialized() => _subscriptions.AddRange(s_tables
        .Select(table => feed.Subscribe(new Topic.Table(table), () => InvokeAsync(ReadAsync))));

    protected override Task OnParametersSetAsync() => ReadAsync();

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private async Task ReadAsync()
    {
        _roles = await lists.RolesAsync(new ActorRef(ActorKind.Bot, Id), CancellationToken.None);
        _bot = await lists.BotAsync(Id, CancellationToken.None);
        _searched = true;
        StateHasChanged();
    }

    private Task RenameAsync() => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?> { [nameof(BotDialog.Existing)] = _bot!.Bot };
        if (await screen.AskAsync<BotDialog, SettingResult.Saved>($"Rename {_bot.Bot.DisplayName}", parameters) is not null)
        {
            await ReadAsync();
        }
    });

    private Task DeleteAsync() => OneAtATimeAsync(async () =>
    {
        var name = _bot!.Bot.DisplayName;
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] =
                "Programs that use its tokens are refused from now on, and its roles are gone. What it did stays in the history.",
            [nameof(ConfirmDialog.Verb)] = "Delete",
            [nameof(ConfirmDialog.Danger)] = true,
            [nameof(ConfirmDialog.TypeToConfirm)] = name,
        };
        if (await screen.AskAsync<ConfirmDialog, string>($"Delete {name}?", parameters) is null)
        {
            return;
        }

        var result = await editor.DeleteAsync(Id, (await Authentication).User.Actor, CancellationToken.None);
        if (result is SettingResult.Saved)
        {
            screen.Say(($"{name} is deleted.", Severity.Success));
            screen.Navigation.NavigateTo(Links.Site("bots"));
            return;
        }

        screen.Say((result.Refusal("This bot is gone already."), Severity.Error));
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
}
