using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using Platz.Web.Live;

namespace Platz.Web.Shared;

/// <summary>What a page asks of the screen it is shown on: messages, dialogs, other addresses, the time.</summary>
public sealed class Screen(
    ISnackbar snackbar, IDialogService dialogs, NavigationManager navigation, Ticker ticker, IJSRuntime js)
{
    public const string NoDatabase = "The database does not answer. Nothing is lost: try again in a moment.";

    /// <summary>Escape leaves a dialog by its own button (<c>wwwroot/dialogs.js</c>); a click beside it loses nothing.</summary>
    private static readonly DialogOptions s_dialog = new()
    {
        CloseOnEscapeKey = false,
        BackdropClick = false,
        MaxWidth = MaxWidth.Small,
        FullWidth = true,
        CloseOnNavigation = true,
    };

    private readonly Dictionary<string, IJSObjectReference> _modules = [];
    private TaskCompletionSource _broken = new();

    public NavigationManager Navigation => navigation;

    public Ticker Ticker => ticker;

    /// <summary>Something is about to appear over the page (<c>Layout/Overlays.razor</c>).</summary>
    public event Func<Task>? Opening;

    /// <summary>To be called by what shows a part of itself over the page, when it begins.</summary>
    public Task OpenAsync() => Opening?.Invoke() ?? Task.CompletedTask;

    public void Say((string Text, Severity Severity) message)
    {
        _ = OpenAsync(); // a message waits until there is a place for it
        snackbar.Add(message.Text, message.Severity);
    }

    /// <summary>In answer to a click: the page stays as it is.</summary>
    public void SayNoDatabase() => Say((NoDatabase, Severity.Error));

    /// <summary>Good news, with the way to where it can be followed.</summary>
    public void SayWithLink(string text, string link, string address)
    {
        _ = OpenAsync();
        snackbar.Add(text, Severity.Success, options =>
        {
            options.Action = link;
            options.OnClick = _ =>
            {
                navigation.NavigateTo(address);
                return Task.CompletedTask;
            };
        });
    }

    /// <param name="form">Selects the form; its first field that is wrong gets the focus. After it was rendered.</param>
    public async Task FocusInvalidAsync(string form)
    {
        try
        {
            var focus = await ModuleAsync("/focus.js");
            await focus.InvokeVoidAsync("onInvalid", form);
        }
        catch (Exception e) when (e is JSDisconnectedException or TaskCanceledException)
        {
            // nobody is looking any more
        }
    }

    /// <summary>
    /// One of our scripts. Asked for once and not given back: the browser keeps it in any case, and what JSON learns about numbers when one
    /// says which to give back stays with the circuit, 18 KB of it.
    /// </summary>
    public async Task<IJSObjectReference> ModuleAsync(string script)
    {
        if (!_modules.TryGetValue(script, out var module))
        {
            _modules[script] = module = await js.InvokeAsync<IJSObjectReference>("import", script);
        }

        return module;
    }

    /// <returns>Whether what was typed may be lost.</returns>
    public async Task<bool> AskBeforeLeavingAsync() => await AskAsync<ConfirmDialog, string>("Leave the form?", new()
    {
        [nameof(ConfirmDialog.Text)] = "What you have typed will be lost.",
        [nameof(ConfirmDialog.Verb)] = "Leave",
        [nameof(ConfirmDialog.Danger)] = true,
    }) is not null;

    /// <returns>What the user answered; null when they thought better of it.</returns>
    public async Task<TAnswer?> AskAsync<TDialog, TAnswer>(string title, Dictionary<string, object?> parameters)
        where TDialog : IComponent
        where TAnswer : class
    {
        var with = new DialogParameters();
        foreach (var (name, value) in parameters)
        {
            with.Add(name, value);
        }

        await OpenAsync();
        var (broken, result) = (_broken.Task, ResultAsync());
        return await Task.WhenAny(result, broken) == result
            && await result is { Canceled: false, Data: TAnswer answer } ? answer : null;

        async Task<DialogResult?> ResultAsync() => await (await dialogs.ShowAsync<TDialog>(title, with, s_dialog)).Result;
    }

    /// <summary>One of them has failed, and all that were open are gone: as if their users had thought better of it.</summary>
    public void LeaveDialogs()
    {
        var broken = _broken;
        _broken = new TaskCompletionSource();
        broken.SetResult();
    }
}
