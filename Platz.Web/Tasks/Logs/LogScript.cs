using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Platz.Web.Tasks.Logs;

/// <summary>The part of the log view that lives in the browser (<c>wwwroot/log.js</c>).</summary>
public sealed class LogScript(IJSRuntime js) : IAsyncDisposable
{
    private DotNetObjectReference<LogView>? _view;
    private IJSObjectReference? _log;

    /// <param name="root">The view's element.</param>
    /// <param name="whole">Whether the log is the page: its keys then work wherever the focus is.</param>
    /// <param name="row">The row to begin with; null for the end.</param>
    public async Task<LogSettings> AttachAsync(ElementReference root, LogView view, bool whole, long? row)
    {
        _view = DotNetObjectReference.Create(view);
        await using var module = await js.InvokeAsync<IJSObjectReference>("import", "/log.js");
        _log = await module.InvokeAsync<IJSObjectReference>("attach", root, _view, whole, row);
        return await _log.InvokeAsync<LogSettings>("settings") ?? LogSettings.Default;
    }

    /// <summary>Puts a line on the screen, unless it is there.</summary>
    public ValueTask ScrollToAsync(long row, long seq) => CallAsync("scrollTo", row, seq);

    public ValueTask FollowAsync() => CallAsync("follow");

    /// <summary>Remembers a setting in this browser.</summary>
    public ValueTask KeepAsync(string name, string value) => CallAsync("keep", name, value);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CallAsync("detach");
            if (_log is not null)
            {
                await _log.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // the page has gone, and its listeners with it
        }

        _view?.Dispose();
    }

    private ValueTask CallAsync(string name, params object?[] arguments) =>
        _log?.InvokeVoidAsync(name, arguments) ?? ValueTask.CompletedTask;
}

/// <summary>How this browser shows logs, and how many rows it has room for.</summary>
/// <param name="Times">"off", "local" or "utc".</param>
public sealed record LogSettings(string Times, bool Wrap, int Visible)
{
    public static readonly LogSettings Default = new("off", false, 50);
}
