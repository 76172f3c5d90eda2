using Microsoft.AspNetCore.Components;
using Platz.Web.Live;

namespace Platz.Web.Shared;

/// <summary>A text that depends on what time it is; renders again only when its words change.</summary>
public abstract class TickingText : ComponentBase, IDisposable
{
    private IDisposable? _ticking;

    [Inject]
    private Ticker Ticker { get; set; } = null!;

    protected string Text { get; private set; } = "";

    protected abstract string Words(DateTimeOffset now);

    protected override void OnInitialized() => _ticking = Ticker.Subscribe(() => _ = InvokeAsync(Refresh));

    protected override void OnParametersSet() => Text = Words(Ticker.Now);

    public void Dispose()
    {
        _ticking?.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Refresh()
    {
        if (Words(Ticker.Now) is var words && words != Text)
        {
            Text = words;
            StateHasChanged();
        }
    }
}
