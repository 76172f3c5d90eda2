using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Managed;

/// <summary>One resource: what it is, who keeps it, who uses it, and the commands on it.</summary>
public sealed partial class ManagedView(
    ManagedResources managed, DeploymentResourceEditor editor, TaskFeed feed, Screen screen) : IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private ManagedResource? _resource;
    private bool _searched;
    private bool _busy;

    [Parameter, EditorRequired]
    public required TypePlace Place { get; set; }

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Topic[] topics = [new Topic.Table("deployment_resources"), new Topic.Env(Place.Env.Id)]; // and who uses it
        _subscriptions.AddRange(topics.Select(topic => feed.Subscribe(topic, () => InvokeAsync(ReadAsync))));
        await ReadAsync();
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private static string Words(DeploymentResource row, string reason) => row.FailedSync switch
    {
        ResourceSyncStatus.Creating => $"It could not be created: {AnsiText.Strip(reason)}",
        ResourceSyncStatus.Updating => $"It could not be changed: {AnsiText.Strip(reason)}",
        ResourceSyncStatus.Deleting => $"It could not be deleted: {AnsiText.Strip(reason)}",
        _ => AnsiText.Strip(reason),
    };

    private async Task ReadAsync()
    {
        _resource = Guid.TryParse(Id, out var id)
            ? await managed.OneAsync(
                Place.Env.Id, Place.Type.Id, id, (await Authentication).User.Actor, CancellationToken.None)
            : null;
        _searched = true;
        StateHasChanged();
    }

    private Task EditAsync() => OneAtATimeAsync(async (resource, actor) =>
    {
        Func<ManagedDraft, Task<ResourceResult>> save = draft => editor.UpdateAsync(
            resource.Row.Id, draft.Name, draft.Inputs!.ToInputs(), resource.Row.Version, actor, CancellationToken.None);
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ManagedDialog.Draft)] = ManagedDraft.Of(resource.Row, resource.Type!.Form),
            [nameof(ManagedDialog.Place)] = Place,
            [nameof(ManagedDialog.Users)] = resource.Users.Count + resource.HiddenUsers,
            [nameof(ManagedDialog.Save)] = save,
            [nameof(ManagedDialog.Form)] = $"{resource.Row.Id}:{resource.Row.Version}",
        };
        await screen.AskAsync<ManagedDialog, ResourceResult.Saved>($"Edit {resource.Row.Name}", parameters);
    });

    private Task TryAgainAsync() => OneAtATimeAsync(async (resource, actor) => Show(
        resource.Row.FailedSync is ResourceSyncStatus.Deleting
            ? await editor.DeleteAsync(resource.Row.Id, actor, CancellationToken.None)
            : await editor.UpdateAsync(resource.Row.Id, name: null, props: null, resource.Row.Version, actor, CancellationToken.None)));

    private Task DeleteAsync() => OneAtATimeAsync(async (resource, actor) =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] = "The deployment that manages it deletes it. It is refused while a deployment uses it.",
            [nameof(ConfirmDialog.Verb)] = "Delete",
            [nameof(ConfirmDialog.Danger)] = true,
        };
        if (await screen.AskAsync<ConfirmDialog, string>($"Delete {resource.Row.Name}?", parameters) is not null)
        {
            Show(await editor.DeleteAsync(resource.Row.Id, actor, CancellationToken.None));
        }
    });

    private void Show(ResourceResult result)
    {
        if (result is not ResourceResult.Saved)
        {
            screen.Say((result.Words(Place.Type.NameSingular), Severity.Error));
        }
    }

    private async Task OneAtATimeAsync(Func<ManagedResource, Actor, Task> command)
    {
        if (_busy || _resource is not { } resource)
        {
            return;
        }

        _busy = true;
        try
        {
            await command(resource, (await Authentication).User.Actor);
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
