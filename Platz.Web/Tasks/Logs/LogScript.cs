using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Platz.Web.Shared;

namespace Platz.Web.Tasks.Logs;

/// <summary>The part of the log view that lives in the browser (<c>wwwroot/log.js</c>).</summary>
public sealed class LogScript(Screen screen) : IAsyncDisposable
{
    private DotNetObjectReference<LogView>? _view;
    private IJSObjectReference? _log;

    /// <param name="root">The view's element.</param>
    /// <param name="whole">Whether the log is the page: its keys then work wherever the focus is.</param>
    /// <param name="row">The row to begin with; null for the end.</param>
    /// <returns>Null when nobody is looking any more.</returns>
    public async Task<LogSettings?> AttachAsync(ElementReference root, LogView view, bool whole, long? row)
    {
        _view = DotNetObjectReference.Create(view);
        _log = await screen.ImportAsync(
            "/log.js", "attach", root, _view, whole ? "whole" : "part", row is { } number ? Text(number) : "");
        return _log is null ? null : LogSettings.Parse(await _log.InvokeAsync<string?>("settings"));
    }

    /// <summary>Puts a line on the screen, unless it is there.</summary>
    public ValueTask ScrollToAsync(long row, long seq) => CallAsync("scrollTo", Text(row), Text(seq));

    public ValueTask FollowAsync() => CallAsync("follow");

    /// <summary>Remembers a setting in this browser.</summary>
    public ValueTask KeepAsync(string name, string value) => CallAsync("keep", name, value);

    public async ValueTask DisposeAsync()
    {
        await Screen.StopAsync(_log);
        _view?.Dispose();
    }

    private ValueTask CallAsync(string name, params object?[] arguments) =>
        _log?.InvokeVoidAsync(name, arguments) ?? ValueTask.CompletedTask;

    // Not the numbers themselves: what JSON has to know about them would take 18 KB of every circuit.
    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How this browser shows logs, and how many rows it has room for.</summary>
/// <param name="Times">"off", "local" or "utc".</param>
public sealed record LogSettings(string Times, bool Wrap, int Visible)
{
    public static readonly LogSettings Default = new("off", false, 50);

    /// <summary>From "off nowrap 40", or "utc wrap 40".</summary>
    public static LogSettings? Parse(string? text) =>
        text?.Split(' ') is [var times, var wrap, var visible]
        && int.TryParse(visible, CultureInfo.InvariantCulture, out var rows)
            ? new LogSettings(times, wrap == "wrap", rows)
            : null;
}
