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

/// <summary>The users of the site, for site admins.</summary>
public sealed partial class UserList(PeopleLists lists, UserEditor editor, TaskFeed feed, Screen screen) : IDisposable
{
    private static readonly string[] s_tables = ["users", "sessions", "api_tokens", "env_user_permissions", "deployment_permissions"];

    private UserPage? _page;
    private Guid _self;
    private readonly List<IDisposable> _subscriptions = [];
    private bool _busy;

    /// <summary>A part of the name or of the e-mail address.</summary>
    [Parameter]
    public string Text { get; set; } = "";

    /// <summary>Null for all.</summary>
    [Parameter]
    public bool? IsActive { get; set; }

    [Parameter]
    public int Number { get; set; } = 1;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _subscriptions.AddRange(s_tables
            .Select(table => feed.Subscribe(new Topic.Table(table), () => InvokeAsync(ReadAsync))));
        _self = (await Authentication).User.Id;
    }

    protected override Task OnParametersSetAsync() => ReadAsync();

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private static string AdminVerb(User user) => user.IsAdmin ? "Take admin" : "Make admin";

    private async Task ReadAsync()
    {
        var asked = (Text, IsActive, Number);
        var page = await lists.UsersAsync(Text, IsActive, Number, CancellationToken.None);
        if (asked == (Text, IsActive, Number))
        {
            _page = page;
            StateHasChanged();
        }
    }

    private void Filter(ChangeEventArgs e) => screen.Navigation.NavigateTo(
        screen.Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["q"] = (string?)e.Value is { Length: > 0 } text ? text : null,
            ["page"] = null,
        }),
        replace: true);

    private string StateAddress(string? state) => screen.Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { ["state"] = state, ["page"] = null });

    private string PageAddress(int number) =>
        screen.Navigation.GetUriWithQueryParameter("page", number > 1 ? number : (int?)null);

    private Task SetAdminAsync(User user) => user.IsAdmin
        ? AskAsync(
            user, isAdmin: false, isActive: null, "Take the right away",
            "They can open the settings of the site no more, and see only the envs in which they have a role.",
            $"{user.DisplayName} is no site admin any more.")
        : AskAsync(
            user, isAdmin: true, isActive: null, "Make them a site admin",
            "They may do everything everywhere: change each deployment, read each values override, and make others site admins.",
            $"{user.DisplayName} is a site admin now.");

    private Task SetActiveAsync(User user) => user.IsActive
        ? AskAsync(
            user, isAdmin: null, isActive: false, "Deactivate",
            $"{user.DisplayName} is signed out everywhere at once, and their tokens stop working. What they did stays in the history.",
            $"{user.DisplayName} is deactivated.")
        : AskAsync(
            user, isAdmin: null, isActive: true, "Activate",
            $"{user.DisplayName} can sign in again, with the roles they had. Their tokens work again too.",
            $"{user.DisplayName} is active again.");

    private Task EndAsync(User user) => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] = "They are signed out everywhere at once, and may sign in again. Their tokens go on.",
            [nameof(ConfirmDialog.Verb)] = "Sign out",
        };
        if (await screen.AskAsync<ConfirmDialog, string>($"Sign {user.DisplayName} out?", parameters) is not null)
        {
            var actor = (await Authentication).User.Actor;
            Show(
                await editor.EndSessionsAsync(user.Id, except: null, actor, CancellationToken.None),
                $"{user.DisplayName} is signed out.");
        }
    });

    private void Show(SettingResult result, string done) => screen.Say(result is SettingResult.Saved
        ? (done, Severity.Success)
        : (result.Refusal("There is no such user."), Severity.Error));

    private Task AskAsync(User user, bool? isAdmin, bool? isActive, string verb, string follows, string done) =>
        OneAtATimeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?>
            {
                [nameof(ConfirmDialog.Text)] = follows,
                [nameof(ConfirmDialog.Verb)] = verb,
                [nameof(ConfirmDialog.Danger)] = isAdmin is not null || isActive is false,
            };
            if (await screen.AskAsync<ConfirmDialog, string>($"{verb}: {user.DisplayName}?", parameters) is null)
            {
                return;
            }

            var actor = (await Authentication).User.Actor;
            Show(await editor.UpdateAsync(user.Id, isAdmin, isActive, actor, CancellationToken.None), done);
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
