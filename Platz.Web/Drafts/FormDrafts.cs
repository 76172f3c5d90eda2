using Microsoft.JSInterop;

namespace Platz.Web.Drafts;

/// <summary>
/// What has been typed into forms, kept in the browser's tab (<c>wwwroot/drafts.js</c>) so that it outlives the
/// connection, the server and a reload.
/// </summary>
public sealed class FormDrafts(IJSRuntime js, IHostApplicationLifetime? host = null)
{
    // More than that would take long to send with every second of typing.
    private const int Longest = 512 * 1024;

    private Task<IJSObjectReference>? _script;

    /// <summary>The server goes, not the user: nothing is given up by that.</summary>
    public bool IsStopping => host?.ApplicationStopping.IsCancellationRequested is true;

    /// <returns>Null when there is none.</returns>
    public Task<string?> ReadAsync(string key, CancellationToken cancel) =>
        TryAsync(script => script.InvokeAsync<string?>("read", cancel, key));

    /// <param name="text">Null forgets it.</param>
    public Task WriteAsync(string key, string? text, CancellationToken cancel) => TryAsync(
        script => script.InvokeAsync<string?>("write", cancel, key, text?.Length <= Longest ? text : null));

    /// <summary>The form shows what was kept: now what nobody heard may follow.</summary>
    public Task RestoredAsync(CancellationToken cancel) =>
        TryAsync(script => script.InvokeAsync<string?>("restored", cancel));

    private async Task<string?> TryAsync(Func<IJSObjectReference, ValueTask<string?>> call)
    {
        try
        {
            return await call(await (_script ??= js.InvokeAsync<IJSObjectReference>("import", "/drafts.js").AsTask()));
        }
        catch (Exception e) when (e is JSDisconnectedException or TaskCanceledException)
        {
            return null; // nobody is there; the browser has what was kept before
        }
    }
}
