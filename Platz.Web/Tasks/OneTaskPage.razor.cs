using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.SignIn;
using Platz.Web.Theme;

namespace Platz.Web.Tasks;

/// <summary>The page of one task: its permalink, for ever.</summary>
public sealed partial class OneTaskPage(
    TaskPages pages, DeploymentList deployments, DeploymentRights rights, TaskFeed feed) : IDisposable
{
    private TaskPageRead? _read;
    private OperationLabel _label = new("", null);
    private DeploymentAddress? _place;
    private Standing _standing;
    private bool _isMissing;
    private string _announced = "";
    private Guid _asked;
    private bool _isGone;
    private readonly Turns _turns = new();
    private IDisposable? _subscription;

    [Parameter, EditorRequired]
    public Guid Id { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private DeploymentTask Task => _read!.Task;

    private string Name => AnsiText.Strip(Task.DeploymentName is { Length: > 0 } name ? name : Task.Namespace);

    private string Status => Look.Of(Task.Status, Task.CancelRequested).Word;

    private bool ShowsOverride => _standing.Allows(Permission.ReadValuesOverride);

    private string HistoryAddress => _place is { } place
        ? Links.History(place.Env, place.Kind, Task.DeploymentId)
        : Links.DeploymentById(Task.DeploymentId);

    protected override async Task OnParametersSetAsync()
    {
        if (_asked == Id)
        {
            return;
        }

        var asked = _asked = Id;
        _subscription?.Dispose();
        (_read, _isMissing) = (null, false);
        var sequence = feed.Sequence;
        var read = await pages.ReadAsync(asked, CancellationToken.None);
        var actor = (await Authentication).User.Actor;
        var place = read is null ? null : await deployments.PlaceOfAsync(read.Task.DeploymentId, CancellationToken.None);
        var standing = read is null
            ? Standing.None
            : await rights.OfAsync(actor, read.Task.EnvId, place?.KindId, CancellationToken.None);
        if (_asked != asked || _isGone)
        {
            return; // the reader has gone on
        }

        (_standing, _place) = (standing, place?.EnvId == read?.Task.EnvId ? place : null);
        if (read is null || !standing.Allows(Permission.See))
        {
            _isMissing = true;
            return;
        }

        Take(read);
        _subscription = feed.Subscribe(
            new Topic.Deployment(read.Task.EnvId, read.Task.DeploymentId), sequence,
            since => InvokeAsync(() => ReadAsync(since)));
    }

    public void Dispose()
    {
        _isGone = true;
        _subscription?.Dispose();
    }

    private Task RefreshAsync() => ReadAsync(since: null);

    private Task ReadAsync(long? since) => _turns.TakeAsync(async () =>
    {
        var id = Id;
        var read = await feed.ReadAsync(("task", id), since, () => pages.ReadAsync(id, CancellationToken.None));
        if (read is not null && id == Id && _read is not null)
        {
            _announced = Status;
            Take(read);
            _announced = Status == _announced ? "" : $"{_label.Name}: {Status}";
            StateHasChanged();
        }
    });

    private void Take(TaskPageRead read) => (_read, _label) = (read, OperationLabel.Of(read.Task));
}
