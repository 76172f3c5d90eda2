using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Web.Envs;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Resources;

/// <summary>What runs of one deployment, and the restart of a part of it.</summary>
public sealed partial class ResourcesTab(
    ResourceList list, DeploymentCommands commands, TaskFeed feed, Screen screen) : IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private ResourcePage? _page;
    private bool _busy;
    private bool _old;

    [Parameter, EditorRequired]
    public required KindPlace Place { get; set; }

    [Parameter, EditorRequired]
    public required Deployment Deployment { get; set; }

    [Parameter]
    public bool MayRestart { get; set; }

    [Parameter]
    public int Number { get; set; } = 1;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override void OnInitialized()
    {
        Topic[] topics =
        [
            new Topic.Resources(Place.Env.Id, Deployment.Id), // what runs
            new Topic.Deployment(Place.Env.Id, Deployment.Id), // its restarts
            new Topic.Table("k8s_clusters"), // whether what is shown is of now
        ];
        _subscriptions.AddRange(topics.Select(topic => feed.Subscribe(topic, () => InvokeAsync(ReadAsync))));
    }

    protected override Task OnParametersSetAsync() => ReadAsync();

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private QueueState? Restart(ResourceRow row) =>
        _page!.Restarts.TryGetValue(row.Resource.Id, out var state) ? state : null;

    private static string Reason(ClusterTrouble trouble) =>
        trouble.Reason is { Length: > 0 } reason ? $" ({AnsiText.Strip(reason.Trim().Split('\n', 2)[0])})" : "";

    private async Task ReadAsync()
    {
        var (number, old) = (Number, _old);
        var page = await list.ReadAsync(Deployment.Id, number, old, CancellationToken.None);
        if ((number, old) == (Number, _old))
        {
            _page = page;
            StateHasChanged();
        }
    }

    private Task ToggleOldAsync()
    {
        _old = !_old;
        return ReadAsync();
    }

    private string PageAddress(int number) =>
        screen.Navigation.GetUriWithQueryParameter("page", number > 1 ? number : (int?)null);

    private async Task RestartAsync(ResourceRow row)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            var (resource, key) = (row.Resource, Guid.NewGuid().ToString());
            var what = resource.Kind is "Pod"
                ? "The pod is deleted; whatever owns it makes another."
                : $"Its pods are replaced one after the other ({resource.Desired ?? 0} of them), as kubectl rollout restart does.";
            var parameters = new Dictionary<string, object?>
            {
                [nameof(ConfirmDialog.Text)] = what,
                [nameof(ConfirmDialog.Verb)] = "Restart",
            };
            if (await screen.AskAsync<ConfirmDialog, string>($"Restart {resource.Kind} {resource.Name}?", parameters) is null)
            {
                return;
            }

            var request = new RestartRequest(resource.Id, resource.Name)
            {
                DeploymentId = Deployment.Id,
                IdempotencyKey = new(key),
            };
            Show(await commands.RestartAsync(request, (await Authentication).User.Actor, CancellationToken.None));
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

    private void Show(SaveResult result)
    {
        if (result is SaveResult.Saved)
        {
            screen.SayWithLink(
                "The restart is queued.", "Show it", Links.History(Place.Env.Name, Place.Kind.Name, Deployment.Id));
            return;
        }

        screen.Say((result.Refusal("This resource is gone."), Severity.Error));
    }
}
