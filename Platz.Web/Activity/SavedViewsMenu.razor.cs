using Microsoft.AspNetCore.Components;
using MudBlazor;
using Platz.Core.Activity;
using Platz.Core.Data;
using Platz.Web.Shared;
using Platz.Web.Tasks;

namespace Platz.Web.Activity;

public sealed partial class SavedViewsMenu(SavedViews views, Screen screen)
{
    private List<SavedView>? _views;
    private SavedView? _current;
    private bool _isAsking;
    private int _reads;

    /// <summary>Whose views they are.</summary>
    [Parameter, EditorRequired]
    public Guid UserId { get; set; }

    /// <summary>Null for the page of all envs; must not change.</summary>
    [Parameter]
    public Guid? EnvId { get; set; }

    [Parameter, EditorRequired]
    public required ActivityQuery Query { get; set; }

    [Parameter, EditorRequired]
    public required Func<ActivityQuery, string> Address { get; set; }

    /// <summary>Everything needs no name, and what has one needs no second.</summary>
    private bool CanSave => !_isAsking && Query.Parts.Count > 0 && _current is null;

    protected override async Task OnParametersSetAsync()
    {
        if (_views is null)
        {
            await ReadAsync();
        }

        FindCurrent();
    }

    /// <summary>Those that were kept in another tab are in it too.</summary>
    private async Task OpenAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            screen.SayNoDatabase();
        }
    }

    /// <summary>What was asked for last is shown, whichever answer comes last.</summary>
    private async Task ReadAsync()
    {
        var turn = ++_reads;
        var read = await views.OfAsync(UserId, EnvId, CancellationToken.None);
        if (turn == _reads)
        {
            _views = read;
            FindCurrent();
        }
    }

    private void FindCurrent() =>
        _current = _views?.Find(view => ActivityQuery.Parse(view.Query).Write() == Query.Write());

    private Task SaveAsync() => OnceAsync(async () =>
    {
        var query = Query.Write();
        await AskNameAsync("Keep this filter", "",
            name => views.SaveAsync(UserId, EnvId, name, query, CancellationToken.None));
    });

    private Task RenameAsync(SavedView view) => OnceAsync(() => AskNameAsync(
        "Rename the view", view.Name, name => views.RenameAsync(UserId, view.Id, name, CancellationToken.None)));

    private Task DeleteAsync(SavedView view) => OnceAsync(async () =>
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ConfirmDialog.Text)] = $"“{AnsiText.Strip(view.Name)}” is forgotten. No task is changed.",
            [nameof(ConfirmDialog.Verb)] = "Delete",
            [nameof(ConfirmDialog.Danger)] = true,
        };
        if (await screen.AskAsync<ConfirmDialog, string>("Delete this view?", parameters) is not null)
        {
            await views.DeleteAsync(UserId, view.Id, CancellationToken.None);
            screen.Say(("The view was deleted.", Severity.Success));
        }
    });

    private Task<string?> AskNameAsync(string title, string name, Func<string, Task<SaveViewOutcome>> save) =>
        screen.AskAsync<ViewNameDialog, string>(title, new Dictionary<string, object?>
        {
            [nameof(ViewNameDialog.Name)] = name,
            [nameof(ViewNameDialog.Save)] = save,
        });

    /// <summary>A second click while a dialog is open does nothing.</summary>
    private async Task OnceAsync(Func<Task> command)
    {
        if (_isAsking)
        {
            return;
        }

        _isAsking = true;
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
            _isAsking = false;
        }
    }
}
