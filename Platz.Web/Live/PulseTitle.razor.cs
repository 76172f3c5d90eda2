using Microsoft.AspNetCore.Components;
using Platz.Core.Tasks;

namespace Platz.Web.Live;

/// <summary>
/// Does not rest while its tab is hidden, as pages do: titles and icons are looked at just then. It reads one row, once
/// for all that show the same, and in a burst once a second: nobody reads a title that flickers.
/// </summary>
public sealed partial class PulseTitle(Pulses pulses, ChangeFeed changes, SharedReads reads) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Turns _turns = new();
    private PulseWords _words = PulseWords.Unknown;
    private PulseScope? _read;
    private IDisposable? _subscription;

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required PulseScope Scope { get; set; }

    protected override Task OnParametersSetAsync()
    {
        if (_read == Scope)
        {
            return Task.CompletedTask;
        }

        (_read, _words) = (Scope, PulseWords.Unknown);
        _subscription?.Dispose();
        _subscription = changes.Subscribe(
            Scope.Topic, new Visibility(), changes.Sequence, since => InvokeAsync(() => ReadAsync(since)), s_pause);
        return ReadAsync(since: null);
    }

    public void Dispose() => _subscription?.Dispose();

    private Task ReadAsync(long? since) => _turns.TakeAsync(async () =>
    {
        var scope = Scope;
        var words = await reads.ReadAsync(scope, since, () => scope.ReadAsync(pulses));
        if (scope == Scope && words != _words)
        {
            _words = words;
            StateHasChanged();
        }
    });
}
