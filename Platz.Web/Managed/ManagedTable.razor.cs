using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Platz.Core.Data;
using Platz.Core.Resources;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Managed;

/// <summary>The resources of a type in an env, and the way to a new one.</summary>
public sealed partial class ManagedTable(
    ManagedResources managed, DeploymentResourceEditor editor, TaskFeed feed, Screen screen) : IDisposable
{
    private IDisposable? _subscription;
    private ManagedPage? _page;
    private bool _busy;

    [Parameter, EditorRequired]
    public required TypePlace Place { get; set; }

    [Parameter]
    public int Number { get; set; } = 1;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override void OnInitialized() =>
        _subscription = feed.Subscribe(new Topic.Table("deployment_resources"), () => InvokeAsync(ReadAsync));

    protected override Task OnParametersSetAsync() => ReadAsync();

    public void Dispose() => _subscription?.Dispose();

    private static string FirstLine(string reason) => AnsiText.Strip(reason.Trim().Split('\n', 2)[0]);

    private string Address(int number) =>
        screen.Navigation.GetUriWithQueryParameter("page", number > 1 ? number : (int?)null);

    private async Task ReadAsync()
    {
        var number = Number;
        var page = await managed.PageAsync(Place.Env.Id, Place.Type.Id, number, CancellationToken.None);
        if (number == Number)
        {
            _page = page;
            StateHasChanged();
        }
    }

    private async Task AddAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            var actor = (await Authentication).User.Actor;
            Func<ManagedDraft, Task<ResourceResult>> save = draft => editor.CreateAsync(
                new NewResource(Place.Type.Id, draft.Host!.Deployment.Id, draft.Name, draft.Inputs!.ToInputs()),
                actor, CancellationToken.None);
            var parameters = new Dictionary<string, object?>
            {
                [nameof(ManagedDialog.Draft)] = ManagedDraft.New(
                    await managed.HostsAsync(Place.Env.Id, Place.Type, actor, CancellationToken.None)),
                [nameof(ManagedDialog.Place)] = Place,
                [nameof(ManagedDialog.Save)] = save,
                [nameof(ManagedDialog.Form)] = $"{Place.Env.Id}:{Place.Type.Id}",
            };
            if (await screen.AskAsync<ManagedDialog, ResourceResult.Saved>($"New {Place.Type.NameSingular}", parameters)
                is { Id: var id })
            {
                screen.Navigation.NavigateTo(Links.Managed(Place.Env.Name, Place.Type.Slug, id));
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
