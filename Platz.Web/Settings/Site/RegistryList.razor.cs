using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Web.Live;
using Platz.Web.Shared;

namespace Platz.Web.Settings.Site;

/// <summary>The registries that charts come from, and whether they can be read.</summary>
public sealed partial class RegistryList(SiteLists lists, TaskFeed feed, Screen screen) : IDisposable
{
    private static readonly string[] s_tables = ["helm_registries", "helm_charts"];

    private List<RegistryRow>? _registries;
    private readonly List<IDisposable> _subscriptions = [];
    private bool _busy;

    protected override Task OnInitializedAsync()
    {
        _subscriptions.AddRange(s_tables
            .Select(table => feed.Subscribe(new Topic.Table(table), () => InvokeAsync(ReadAsync))));
        return ReadAsync();
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private async Task ReadAsync()
    {
        _registries = await lists.RegistriesAsync(CancellationToken.None);
        StateHasChanged();
    }

    private async Task EditAsync(Registry registry)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            var parameters = new Dictionary<string, object?> { [nameof(IconDialog.Registry)] = registry };
            if (await screen.AskAsync<IconDialog, SettingResult.Saved>($"Icon of {registry.RepoName}", parameters) is not null)
            {
                screen.Say(("The icon is saved.", Severity.Success));
                await ReadAsync();
            }
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
