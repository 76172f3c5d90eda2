using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Platz.Web.Shared;

namespace Platz.Web.Tasks;

/// <summary>
/// Whether the rows of a list must stay where they are: the pointer is over them, a menu is open, the keyboard is among
/// them, or they were scrolled (<c>wwwroot/tasklist.js</c>, which tells only when that changes).
/// </summary>
public sealed class ListHold : IAsyncDisposable
{
    private readonly RunningScript _watch = new();
    private DotNetObjectReference<ListHold>? _self;

    public bool IsHeld { get; private set; }

    public event Action? Ended;

    /// <summary>Does it once.</summary>
    public async Task WatchAsync(Screen screen, ElementReference list)
    {
        if (_self is not null)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        await _watch.StartAsync(screen, "/tasklist.js", "watch", list, _self);
    }

    [JSInvokable]
    public void Hold(bool isHeld)
    {
        IsHeld = isHeld;
        if (!isHeld)
        {
            Ended?.Invoke();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        _self?.Dispose();
    }
}
