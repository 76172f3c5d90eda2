using Microsoft.AspNetCore.Components.Routing;
using Platz.Core.Activity;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Shared;

namespace Platz.Web.Activity;

/// <summary>
/// The filter that the address of a page says. It is asked again when the address says something else; and what it lets
/// through changes with time alone, for a range that ends now begins later and later.
/// </summary>
public sealed class AddressedFilter(
    ActivityReads reads, FilterChoices choices, TimeChoice times, Screen screen) : IDisposable
{
    private IReadOnlyList<ActorRef> _bots = [];
    private string _path = "";
    private Action? _moved;
    private Action? _aged;
    private IDisposable? _ticking;

    public ActivityQuery Query { get; private set; } = ActivityQuery.Empty;

    /// <summary>What the reader may see; null until the first answer.</summary>
    public ActivityScope? Scope { get; private set; }

    public FilterNames Names { get; private set; } = FilterNames.None;

    /// <summary>What it lets through at this moment.</summary>
    public TaskFilter Now => Scope!.Within(Query.At(screen.Ticker.Now, times.Zone, _bots));

    /// <param name="path">Of the page: addresses elsewhere are other pages' affair.</param>
    /// <param name="moved">Called when the address says something else.</param>
    /// <param name="aged">Called each second, and when the time is shown in another zone.</param>
    public void Follow(string path, Action moved, Action aged)
    {
        (_path, _moved, _aged) = (path, moved, aged);
        screen.Navigation.LocationChanged += Moved;
        times.Changed += aged;
        _ticking = screen.Ticker.Subscribe(aged);
    }

    public void Dispose()
    {
        screen.Navigation.LocationChanged -= Moved;
        times.Changed -= _aged;
        _ticking?.Dispose();
    }

    /// <summary>Rights are read again with every question: they may have changed.</summary>
    /// <param name="env">Null for all that the reader may see.</param>
    /// <param name="namedIn">The envs whose names it may mention; by default those of the scope.</param>
    /// <returns>False where the address has become another one meanwhile: that one is asked for by now.</returns>
    public async Task<bool> AskAsync(Actor reader, Guid? env, IReadOnlyList<Guid>? namedIn = null)
    {
        var address = screen.Navigation.Uri;
        var query = ActivityQuery.Parse(new Uri(address).Query);
        var scope = await reads.ScopeAsync(reader, env, CancellationToken.None);
        var names = await choices.NamesAsync(query.Filter, namedIn ?? scope.Envs, CancellationToken.None);
        var bots = query.ByBots ? await choices.BotsAsync(CancellationToken.None) : [];
        if (address != screen.Navigation.Uri)
        {
            return false;
        }

        (Query, Scope, Names, _bots) = (query, scope, names, bots);
        return true;
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == screen.Navigation.ToAbsoluteUri(_path).AbsolutePath)
        {
            _moved?.Invoke();
        }
    }
}
