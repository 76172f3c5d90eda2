using Microsoft.JSInterop;
using Platz.Web.Live;
using Platz.Web.Theme;

namespace Platz.Web.Shared;

/// <summary>
/// What this browser tells of itself: its theme, how it shows times, whether its tab is in front. One per circuit, and
/// one reference for all three: every type that scripts hold costs a circuit more than an object of it.
/// </summary>
public sealed class BrowserWatch(IJSRuntime js, ThemeChoice theme, TimeChoice times, Visibility visibility) : IDisposable
{
    private DotNetObjectReference<BrowserWatch>? _self;

    /// <summary>What scripts call.</summary>
    public DotNetObjectReference<BrowserWatch> Self => _self ??= DotNetObjectReference.Create(this);

    public Task StartAsync(CancellationToken cancel) =>
        Task.WhenAll(StartAsync("platzTheme.watch", theme.Take, cancel), StartAsync("platzTimes.watch", times.Take, cancel));

    /// <param name="choice">"light", "dark" or "system".</param>
    [JSInvokable]
    public void ThemeChanged(string choice) => theme.Change(choice);

    /// <param name="shown">As <see cref="TimeChoice.Take"/> has it.</param>
    [JSInvokable]
    public void TimesChanged(string shown) => times.Change(shown);

    /// <param name="state">"visible" or "hidden".</param>
    [JSInvokable]
    public void VisibilityChanged(string state) => visibility.Show(state == "hidden");

    public void Dispose() => _self?.Dispose();

    private async Task StartAsync(string function, Action<string?> take, CancellationToken cancel) =>
        take(await js.InvokeAsync<string?>(function, cancel, Self));
}
