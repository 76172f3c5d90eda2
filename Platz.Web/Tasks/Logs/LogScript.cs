using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Platz.Web.Shared;

namespace Platz.Web.Tasks.Logs;

/// <summary>The part of the log view that lives in the browser (<c>wwwroot/log.js</c>).</summary>
public sealed class LogScript(Screen screen) : IAsyncDisposable
{
    private readonly RunningScript _log = new();
    private DotNetObjectReference<LogView>? _view;

    /// <param name="root">The view's element.</param>
    /// <param name="whole">Whether the log is the page: its keys then work wherever the focus is.</param>
    /// <param name="row">The row to begin with; null for the end.</param>
    /// <returns>Null when nobody is looking any more.</returns>
    public async Task<LogSettings?> AttachAsync(ElementReference root, LogView view, bool whole, long? row)
    {
        _view = DotNetObjectReference.Create(view);
        await _log.StartAsync(
            screen, "/log.js", "attach", root, _view, whole ? "whole" : "part", row is { } number ? Text(number) : "");
        return LogSettings.Parse(await _log.AskAsync("settings"));
    }

    /// <summary>Puts a line on the screen, unless it is there.</summary>
    public Task ScrollToAsync(long row, long seq) => _log.CallAsync("scrollTo", Text(row), Text(seq));

    public Task FollowAsync() => _log.CallAsync("follow");

    /// <summary>Remembers a setting in this browser.</summary>
    public Task KeepAsync(string name, string value) => _log.CallAsync("keep", name, value);

    /// <returns>The first line on the screen; null when there is none, or nobody who could tell.</returns>
    public async Task<long?> SeenAsync() =>
        long.TryParse(await _log.AskAsync("seen"), CultureInfo.InvariantCulture, out var seq) ? seq : null;

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _view?.Dispose();
    }

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
