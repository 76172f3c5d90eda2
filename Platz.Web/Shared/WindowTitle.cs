using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Platz.Web.Shared;

/// <summary>
/// What the window is called. Blazor's own PageTitle does the same with an outlet in the head of the page: ten components
/// in every circuit, 25 KB.
/// </summary>
public sealed class WindowTitle(IJSRuntime js) : ComponentBase
{
    private string? _shown;

    [Parameter, EditorRequired]
    public required string Text { get; set; }

    protected override bool ShouldRender() => Text != _shown;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _shown = Text;
        try
        {
            await js.InvokeVoidAsync("platzTitle", Text);
        }
        catch (Exception e) when (e is JSDisconnectedException or TaskCanceledException or JSException)
        {
            // nobody is looking any more
        }
    }
}
