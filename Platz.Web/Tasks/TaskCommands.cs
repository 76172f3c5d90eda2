using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Compare;
using Platz.Web.Repeats;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Tasks;

/// <summary>
/// What every list of tasks and the task page can do about a task: asks first, does it, says how it went. One per
/// circuit.
/// </summary>
public sealed class TaskCommands(TaskQueue queue, Screen screen, AuthenticationStateProvider authentication)
{
    private readonly HashSet<Guid> _asking = [];

    /// <returns>Whether something was done, so that the caller reads again what it shows.</returns>
    public Task<bool> CancelAsync(DeploymentTask task) => OnceAsync(task, async () =>
    {
        var actor = (await authentication.GetAuthenticationStateAsync()).User.Actor;
        var refusal = await queue.CancelRefusalAsync(task.Id, actor, CancellationToken.None);
        var parameters = new Dictionary<string, object?>
        {
            [nameof(CancelDialog.Task)] = task,
            [nameof(CancelDialog.Refusal)] = refusal is { } refused ? Words(refused).Item1 : null,
        };
        if (await screen.AskAsync<CancelDialog, string>("Cancel this task?", parameters) is not { } answer)
        {
            return false;
        }

        var reason = answer.Length == 0 ? null : answer;
        var outcome = task.Status is DeploymentTaskStatus.Pending // then it was said that nothing will be changed
            ? await queue.CancelPendingAsync(task.Id, actor, reason, CancellationToken.None)
            : await queue.CancelAsync(task.Id, actor, reason, CancellationToken.None);
        screen.Say(Words(outcome));
        return true;
    });

    /// <inheritdoc cref="CancelAsync"/>
    public Task<bool> RetryAsync(DeploymentTask task) =>
        RepeatAsync(task, Repeat.Retry, "Retry this task?", "The retry is queued.", "It was being retried already.");

    /// <inheritdoc cref="CancelAsync"/>
    public Task<bool> RollBackAsync(DeploymentTask task) => RepeatAsync(
        task, Repeat.Rollback, "Roll back to this revision?", "The rollback is queued.", "It was rolled back to already.");

    /// <summary>Asks with which other task, and shows both.</summary>
    public Task CompareAsync(DeploymentTask task) => OnceAsync(task, async () =>
    {
        var parameters = new Dictionary<string, object?> { [nameof(CompareDialog.Task)] = task };
        if (await screen.AskAsync<CompareDialog, string>("Compare with which task?", parameters) is { } address)
        {
            screen.Navigation.NavigateTo(address);
        }

        return false;
    });

    private Task<bool> RepeatAsync(DeploymentTask task, Repeat repeat, string question, string done, string repeated) =>
        OnceAsync(task, async () =>
        {
            var parameters = new Dictionary<string, object?>
            {
                [nameof(RepeatDialog.Task)] = task,
                [nameof(RepeatDialog.Repeat)] = repeat,
            };
            if (await screen.AskAsync<RepeatDialog, SaveResult.Saved>(question, parameters) is not { TaskId: { } made } saved)
            {
                return false;
            }

            screen.SayWithLink(saved.Repeated ? repeated : done, "Show it", Links.Task(made));
            return true;
        });

    /// <summary>A second click while the first one's dialog is open, or while it is carried out, does nothing.</summary>
    private async Task<bool> OnceAsync(DeploymentTask task, Func<Task<bool>> command)
    {
        if (!_asking.Add(task.Id))
        {
            return false;
        }

        try
        {
            return await command();
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            screen.SayNoDatabase();
            return false;
        }
        finally
        {
            _asking.Remove(task.Id);
        }
    }

    private static (string, Severity) Words(CancelOutcome outcome) => outcome switch
    {
        CancelOutcome.Canceled => ("The task was canceled.", Severity.Success),
        CancelOutcome.StopRequested => ("Cancel requested: it stops when its phase has ended.", Severity.Info),
        CancelOutcome.AlreadyRequested => ("Somebody has asked for that already.", Severity.Info),
        CancelOutcome.Forbidden =>
            ($"Only who queued it can cancel it, or {Access.Needs(Permission.CancelTask)}.", Severity.Error),
        CancelOutcome.HasStarted =>
            ("It has started meanwhile, and goes on. Cancel it again to ask it to stop.", Severity.Warning),
        CancelOutcome.AlreadyFinished => ("The task has already finished.", Severity.Warning),
        _ => ("There is no such task any more.", Severity.Warning),
    };
}
