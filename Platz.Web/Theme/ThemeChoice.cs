using Microsoft.JSInterop;

namespace Platz.Web.Theme;

/// <summary>Light, dark or the system's, as this browser keeps it (<c>wwwroot/theme.js</c>). One per circuit.</summary>
public sealed class ThemeChoice(IJSRuntime js)
{
    /// <summary>"light", "dark" or "system".</summary>
    public string Choice { get; private set; } = "system";

    /// <summary>May come from any thread.</summary>
    public event Action? Changed;

    public ValueTask ChooseAsync(string choice, CancellationToken cancel) =>
        js.InvokeVoidAsync("platzTheme.choose", cancel, choice);

    internal void Take(string? choice) => Choice = choice ?? "system";

    internal void Change(string choice)
    {
        Take(choice);
        Changed?.Invoke();
    }
}
