using Microsoft.AspNetCore.Components;
using Platz.Web.Live;

namespace Platz.Web.Shared;

/// <summary>
/// A text that depends on what time it is and on how times are shown; renders again only when its words change.
/// </summary>
public abstract class TickingText : ComponentBase, IDisposable
{
    private IDisposable? _ticking;

    [Inject]
    private Ticker Ticker { get; set; } = null!;

    [Inject]
    protected TimeChoice Times { get; set; } = null!;

    protected string Text { get; private set; } = "";

    /// <summary>What the pointer is told on it.</summary>
    protected string? Hint { get; private set; }

    protected abstract string Words(DateTimeOffset now);

    protected virtual string? HintWords(DateTimeOffset now) => null;

    protected override void OnInitialized()
    {
        _ticking = Ticker.Subscribe(Wake);
        Times.Changed += Wake;
    }

    protected override void OnParametersSet() => (Text, Hint) = (Words(Ticker.Now), HintWords(Ticker.Now));

    public void Dispose()
    {
        _ticking?.Dispose();
        Times.Changed -= Wake;
        GC.SuppressFinalize(this);
    }

    private void Wake() => _ = InvokeAsync(Refresh);

    private void Refresh()
    {
        var now = Ticker.Now;
        if ((Words(now), HintWords(now)) is var words && words != (Text, Hint))
        {
            (Text, Hint) = words;
            StateHasChanged();
        }
    }
}
