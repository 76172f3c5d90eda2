using Microsoft.JSInterop;

namespace Platz.Web.Theme;

/// <summary>Light, dark or the system's, as this browser keeps it (<c>wwwroot/theme.js</c>). One per circuit.</summary>
public sealed class ThemeChoice(IJSRuntime js) : IDisposable
{
    private DotNetObjectReference<ThemeChoice>? _self;

    /// <summary>"light", "dark" or "system".</summary>
    public string Choice { get; private set; } = "system";

    /// <summary>May come from any thread.</summary>
    public event Action? Changed;

    public async Task StartAsync(CancellationToken cancel)
    {
        _self = DotNetObjectReference.Create(this);
        Choice = await js.InvokeAsync<string>("platzTheme.watch", cancel, _self);
    }

    public ValueTask ChooseAsync(string choice, CancellationToken cancel) =>
        js.InvokeVoidAsync("platzTheme.choose", cancel, choice);

    [JSInvokable]
    public void ThemeChanged(string choice)
    {
        Choice = choice;
        Changed?.Invoke();
    }

    public void Dispose() => _self?.Dispose();
}
