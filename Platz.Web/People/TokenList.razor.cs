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

/// <summary>The API tokens of one bot or one user.</summary>
public sealed partial class TokenList(PeopleLists lists, TokenEditor editor, TaskFeed feed, Screen screen) : IDisposable
{
    private List<TokenRow>? _tokens;
    private IDisposable? _subscription;
    private bool _busy;

    [Parameter, EditorRequired]
    public required TokenOwner Owner { get; set; }

    [Parameter, EditorRequired]
    public required Guid OwnerId { get; set; }

    [Parameter, EditorRequired]
    public required string OwnerName { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override Task OnInitializedAsync()
    {
        _subscription = feed.Subscribe(new Topic.Table("api_tokens"), () => InvokeAsync(ReadAsync));
        return ReadAsync();
    }

    public void Dispose() => _subscription?.Dispose();

    private async Task ReadAsync()
    {
        _tokens = await lists.TokensAsync(Owner, OwnerId, CancellationToken.None);
        StateHasChanged();
    }

    private Task AddAsync() => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(TokenDialog.Owner)] = Owner,
            [nameof(TokenDialog.OwnerId)] = OwnerId,
        };
        await screen.AskAsync<TokenDialog, string>($"New token of {OwnerName}", parameters);
    });

    private Task RevokeAsync(ApiToken token) => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] = "Programs that use it are refused from now on.",
            [nameof(ConfirmDialog.Verb)] = "Revoke",
            [nameof(ConfirmDialog.Danger)] = true,
        };
        if (await screen.AskAsync<ConfirmDialog, string>($"Revoke {token.Name}?", parameters) is null)
        {
            return;
        }

        var result = await editor.RevokeAsync(token.Id, (await Authentication).User.Actor, CancellationToken.None);
        screen.Say(result is SettingResult.Saved
            ? ($"{token.Name} is revoked.", Severity.Success)
            : (result.Refusal("This token is revoked already."), Severity.Error));
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
            await ReadAsync();
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
