using Microsoft.JSInterop;

namespace Platz.Web.Theme;

/// <summary>Light, dark or the system's, as this browser keeps it (<c>wwwroot/theme.js</c>). One per circuit.</summary>
public sealed class ThemeChoice(IJSRuntime js) : IDisposable
{
    private DotNetObjectReference<ThemeChoice>? _self;

    /// <summary>"light", "dark" or "system".</summary>
    public string Choice { get; private set; } = "system";

    public bool IsDark { get; private set; }

    public event Func<Task>? Changed;

    public async Task StartAsync(CancellationToken cancel)
    {
        _self = DotNetObjectReference.Create(this);
        var state = await js.InvokeAsync<State>("platzTheme.watch", cancel, _self);
        (Choice, IsDark) = (state.Choice, state.IsDark);
    }

    public ValueTask ChooseAsync(string choice, CancellationToken cancel) =>
        js.InvokeVoidAsync("platzTheme.choose", cancel, choice);

    [JSInvokable]
    public Task ThemeChangedAsync(string choice, bool isDark)
    {
        (Choice, IsDark) = (choice, isDark);
        return Changed?.Invoke() ?? Task.CompletedTask;
    }

    public void Dispose() => _self?.Dispose();

    private sealed record State(string Choice, bool IsDark);
}
