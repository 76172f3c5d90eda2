using Microsoft.JSInterop;

namespace Platz.Web.Shared;

/// <summary>
/// What a component keeps running in the browser. The component may go at any moment, also while the script is loaded or
/// begins: nothing of it stays behind then, and nobody hears of what it misses.
/// </summary>
public sealed class RunningScript : IAsyncDisposable
{
    private IJSObjectReference? _running;
    private bool _gone;

    /// <summary>Calls a function of one of our scripts, which goes on until the <c>stop</c> of what it returns is called.</summary>
    public async Task StartAsync(Screen screen, string script, string function, params object?[] arguments)
    {
        await UnlessGoneAsync(async () =>
        {
            var module = await screen.ModuleAsync(script);
            if (!_gone)
            {
                _running = await module.InvokeAsync<IJSObjectReference>(function, arguments);
            }
        });
        if (_gone)
        {
            await StopAsync();
        }
    }

    public Task CallAsync(string name, params object?[] arguments) =>
        UnlessGoneAsync(async () => await (_running?.InvokeVoidAsync(name, arguments) ?? ValueTask.CompletedTask));

    /// <returns>Null when it does not run.</returns>
    public async Task<string?> AskAsync(string name)
    {
        string? answer = null;
        await UnlessGoneAsync(async () => answer = _running is null ? null : await _running.InvokeAsync<string?>(name));
        return answer;
    }

    public ValueTask DisposeAsync()
    {
        _gone = true;
        return StopAsync();
    }

    private async ValueTask StopAsync()
    {
        if (_running is { } running)
        {
            _running = null;
            await UnlessGoneAsync(async () =>
            {
                await running.InvokeVoidAsync("stop");
                await running.DisposeAsync();
            });
        }
    }

    private async Task UnlessGoneAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is JSDisconnectedException or TaskCanceledException)
        {
            // the page has gone, and the script with it, or its connection
        }
        catch (Exception e) when (_gone && e is JSException or ObjectDisposedException or OperationCanceledException)
        {
            // the elements it was for are no more
        }
    }
}
