using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Settings.Site;

/// <summary>The envs of the site.</summary>
public sealed partial class EnvList(SiteLists lists, EnvRegister envs, TaskFeed feed, Screen screen) : IDisposable
{
    private static readonly string[] s_tables = ["envs", "k8s_clusters"];

    private List<EnvRow>? _envs;
    private readonly List<IDisposable> _subscriptions = [];
    private bool _busy;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override Task OnInitializedAsync()
    {
        _subscriptions.AddRange(s_tables
            .Select(table => feed.Subscribe(new Topic.Table(table), () => InvokeAsync(ReadAsync))));
        return ReadAsync();
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private async Task ReadAsync()
    {
        _envs = await lists.EnvsAsync(CancellationToken.None);
        StateHasChanged();
    }

    private Task AddAsync() => AskAsync("New env", existing: null, "The env is there; clusters can be given to it now.");

    private Task EditAsync(Env env) => AskAsync($"Edit {env.Name}", env, "The env is saved.");

    private Task AskAsync(string title, Env? existing, string done) => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?> { [nameof(EnvDialog.Existing)] = existing };
        if (await screen.AskAsync<EnvDialog, SettingResult.Saved>(title, parameters) is not null)
        {
            screen.Say((done, Severity.Success));
            await ReadAsync();
        }
    });

    private Task DeleteAsync(Env env) => OneAtATimeAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] =
                "Its members lose it. It is refused while the env has clusters, secrets or a history.",
            [nameof(ConfirmDialog.Verb)] = "Delete",
            [nameof(ConfirmDialog.Danger)] = true,
            [nameof(ConfirmDialog.TypeToConfirm)] = env.Name,
        };
        if (await screen.AskAsync<ConfirmDialog, string>($"Delete {env.Name}?", parameters) is null)
        {
            return;
        }

        var result = await envs.DeleteAsync(env.Id, (await Authentication).User.Actor, CancellationToken.None);
        screen.Say(result is SettingResult.Saved
            ? ($"{env.Name} is deleted.", Severity.Success)
            : (result.Refusal("This env is gone already."), Severity.Error));
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
}
