using Microsoft.JSInterop;
using Platz.Web.Shared;

namespace Platz.Web.Drafts;

/// <summary>
/// What has been typed into forms, kept in the browser's tab (<c>wwwroot/drafts.js</c>) so that it outlives the
/// connection, the server and a reload.
/// </summary>
public sealed class FormDrafts(Screen screen, IHostApplicationLifetime? host = null)
{
    // More than that would take long to send with every second of typing.
    private const int Longest = 512 * 1024;

    /// <summary>A browser that is not heard from meanwhile holds no save up: the connection may have gone.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The server goes, not the user: nothing is given up by that.</summary>
    public bool IsStopping => host?.ApplicationStopping.IsCancellationRequested is true;

    /// <returns>Null when there is none.</returns>
    public async Task<string?> ReadAsync(string key) => (await TryAsync("read", key)).Answer;

    /// <param name="text">Null forgets it.</param>
    /// <returns>Whether the browser has it; what is too long is not sent, and what was kept before stays.</returns>
    public async Task<bool> WriteAsync(string key, string? text) =>
        text?.Length > Longest || (await TryAsync("write", key, text)).Done;

    /// <summary>The form shows what was kept: now what nobody heard may follow.</summary>
    public Task RestoredAsync() => TryAsync("restored");

    private async Task<(bool Done, string? Answer)> TryAsync(string function, params object?[] arguments)
    {
        using var limit = new CancellationTokenSource(s_patience);
        try
        {
            var script = await screen.ModuleAsync("/drafts.js").WaitAsync(limit.Token);
            return (true, await script.InvokeAsync<string?>(function, limit.Token, arguments));
        }
        catch (Exception e) when (e is JSDisconnectedException or JSException or OperationCanceledException)
        {
            return (false, null); // nobody is there; the browser has what was kept before
        }
    }
}
