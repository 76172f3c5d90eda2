using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Web.Deployments;
using Platz.Web.Shared;
using Platz.Web.SignIn;
using Platz.Web.Tasks;

namespace Platz.Web.Repeats;

/// <summary>
/// Asks before a task is retried or rolled back to, and shows what that would change. Closes with the result; a second
/// click, and a second page that shows the same, make no second task.
/// </summary>
public sealed partial class RepeatDialog(TaskRepeats repeats, NameLookup lookup, Screen screen, TimeChoice times)
{
    private const string Gone = "There is no such task any more, or its deployment is where you may not see it.";

    private OperationLabel _label = new("", null);
    private OperationNames _names = OperationNames.None;
    private RepeatPreview? _preview;
    private RunTime _time = new();
    private string _message = "";
    private string? _problem;
    private bool _isGone;
    private bool _later;
    private bool _busy;

    [CascadingParameter]
    public required IMudDialogInstance Dialog { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter, EditorRequired]
    public required DeploymentTask Task { get; set; }

    [Parameter, EditorRequired]
    public required Repeat Repeat { get; set; }

    private bool IsPossible => _preview is { Refusal: null, MadeAlready: null };

    private string? Obstacle => _preview?.Refusal?.Refusal(Gone);

    private string ChangesWords => Repeat is Repeat.Rollback
        ? "What the deployment says now becomes this again:"
        : "The deployment has been changed since. The retry brings this back:";

    private string AlreadyWords => Repeat is Repeat.Rollback
        ? "Somebody has rolled back to this already."
        : "It is being retried already.";

    private string Verb => (Repeat, _busy, _later) switch
    {
        (_, true, _) => "Queueing …",
        (Repeat.Rollback, _, _) => "Roll back",
        (_, _, true) => "Retry at that time",
        _ => "Retry now",
    };

    protected override async Task OnInitializedAsync()
    {
        _label = OperationLabel.Of(Task);
        _time = new RunTime { Zone = times.Zone };
        _names = await lookup.OfAsync([Task], OperationNames.None, CancellationToken.None);
        await LookAsync();
    }

    private async Task LookAsync()
    {
        var actor = (await Authentication).User.Actor;
        _preview = await repeats.PreviewAsync(Repeat, Task.Id, actor, CancellationToken.None);
        _isGone = _preview is null;
    }

    private void Plan(bool later)
    {
        _later = later;
        _time.Text = later ? _time.Text ?? _time.Ahead(screen.Ticker.Now, TimeSpan.FromHours(1)) : null;
    }

    private async Task RepeatAsync()
    {
        if (_busy || !IsPossible || !_time.Check(screen.Ticker.Now) || IsLaterWithoutTime())
        {
            return;
        }

        _busy = true;
        try
        {
            await ShowAsync(await AskForAsync(new RepeatRequest(Task.Id)
            {
                ExecuteAt = _time.At,
                Message = _message,
                Version = _preview!.Version,
                IdempotencyKey = _preview.IdempotencyKey,
            }));
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            _problem = Screen.NoDatabase;
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task ShowAsync(SaveResult result)
    {
        if (result is SaveResult.Saved saved)
        {
            Dialog.Close(saved);
            return;
        }

        await LookAsync(); // the difference may be another one now
        _problem = Obstacle is null ? $"{result.Refusal(Gone)} Look at what follows once more." : null;
    }

    private async Task<SaveResult> AskForAsync(RepeatRequest request)
    {
        var actor = (await Authentication).User.Actor;
        return Repeat is Repeat.Retry
            ? await repeats.RetryAsync(request, actor, CancellationToken.None)
            : await repeats.RollBackAsync(request, actor, CancellationToken.None);
    }

    private bool IsLaterWithoutTime() => _later && _time.At is null;

    private void Show(Guid taskId)
    {
        Dialog.Cancel();
        screen.Navigation.NavigateTo(Links.Task(taskId));
    }
}
