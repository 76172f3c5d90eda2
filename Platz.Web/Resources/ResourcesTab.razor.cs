using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Web.Envs;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Resources;

/// <summary>What runs of one deployment, and the restart of a part of it.</summary>
public sealed partial class ResourcesTab(
    ResourceList list, DeploymentCommands commands, TaskFeed feed, Screen screen) : IDisposable
{
    private readonly HashSet<Guid> _queued = [];
    private ResourcePage? _page;
    private IDisposable? _subscription;
    private bool _busy;
    private bool _old;

    [Parameter, EditorRequired]
    public required KindPlace Place { get; set; }

    [Parameter, EditorRequired]
    public required Deployment Deployment { get; set; }

    [Parameter]
    public bool MayRestart { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _subscription = feed.Subscribe(
            new Topic.Resources(Place.Env.Id, Deployment.Id), () => InvokeAsync(ReadAsync));
        await ReadAsync();
    }

    public void Dispose() => _subscription?.Dispose();

    private async Task ReadAsync()
    {
        _page = await list.ReadAsync(Deployment.Id, CancellationToken.None);
        StateHasChanged();
    }

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
                IdempotencyKey = key,
            };
            Show(resource.Id, await commands.RestartAsync(
                request, (await Authentication).User.Actor, CancellationToken.None));
        }
        finally
        {
            _busy = false;
        }
    }

    private void Show(Guid resourceId, SaveResult result)
    {
        if (result is SaveResult.Saved)
        {
            _queued.Add(resourceId);
            screen.SayWithLink(
                "The restart is queued.", "Show it", Links.History(Place.Env.Name, Place.Kind.Name, Deployment.Id));
            return;
        }

        screen.Say((result.Refusal("This resource is gone."), Severity.Error));
    }
}
