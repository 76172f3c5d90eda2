using Platz.Core.Tasks.Logs;

namespace Platz.Web.Tasks.Logs;

/// <summary>
/// Which rows of a log one view renders: those on its screen and some around them. It follows the end until its reader
/// looks elsewhere; from then on what stands on the screen stays there, whatever is added or dropped around it.
/// </summary>
internal sealed class LogViewport(LogRowReader reader)
{
    private const int Margin = 8;

    /// <summary>How many rows are rendered when lines wrap: their heights are known to the browser alone.</summary>
    public const int WrappedRows = 400;

    private LogState? _state;
    private LogRowMap _map = new(LogShape.Empty, new HashSet<long>());
    private int _visible = 50;
    private int _turn;

    public bool Follows { get; set; } = true;

    public bool Wraps { get; set; }

    public IReadOnlyList<LogRow> Rows { get; private set; } = [];

    /// <summary>Where the rendered rows begin, and how many there are in all.</summary>
    public long First { get; private set; }

    public long Total { get; private set; }

    /// <summary>How many rows have come, less those that went, above what is on the screen.</summary>
    public long Origin { get; private set; }

    /// <summary>The first row on the screen, unless the end is followed.</summary>
    public long Top { get; private set; }

    public bool HasEarlier => First > 0;

    public bool HasLater => First + Rows.Count < Total;

    /// <summary>The first line on the screen.</summary>
    public long TopSeq => Total == 0 ? 1 : _map.At(Math.Clamp(Follows ? Total - _visible : Top, 0, Total - 1)).Seq;

    public long RowOf(long seq) => _map.RowOf(seq);

    /// <summary>Where the reader looks now.</summary>
    public void Look(long top, int visible)
    {
        Top = Math.Max(0, top);
        _visible = Math.Clamp(visible, 1, 200);
    }

    /// <summary>Leaves the end, or comes back to it.</summary>
    public void Leave(bool leave, long top, int visible)
    {
        Follows = !leave;
        Look(Wraps ? First + (Rows.Count / 2) : top, visible);
    }

    /// <summary>Where lines wrap: renders earlier or later ones.</summary>
    public void Turn(int rows)
    {
        Follows = false;
        Top = Math.Clamp(First + (Rows.Count / 2) + rows, 0, Math.Max(0, Total - 1));
    }

    /// <summary>The folded group that hides a line.</summary>
    public long? HeadingOver(long seq) => Total == 0 ? null : _map.At(_map.RowOf(seq)).Heading?.First;

    /// <summary>Puts a line on the screen, a third from above.</summary>
    public void LookAt(long seq)
    {
        Follows = false;
        Top = Math.Max(0, _map.RowOf(seq) - (_visible / 3));
    }

    /// <summary>Takes what the log is by now.</summary>
    public void Take(LogState state, IReadOnlySet<long> folded)
    {
        var map = new LogRowMap(state.Shape, folded);
        if (Total > 0 && map.Rows > 0 && !Follows)
        {
            var place = _map.At(Math.Min(Top, Total - 1));
            var row = map.RowOf(place.Seq);
            row -= place.Heading is not null && row > 0 && map.At(row).IsLine ? 1 : 0;
            Origin += row - Top;
            Top = row;
        }

        (_state, _map) = (state, map);
    }

    /// <returns>False when a later call has overtaken this one.</returns>
    public async Task<bool> ReadAsync(LogMarks marks, CancellationToken cancel)
    {
        var turn = ++_turn;
        var map = _map;
        var window = Window(map.Rows);
        var rows = await reader.ReadAsync(_state!, map, window, marks, cancel);
        if (turn != _turn)
        {
            return false;
        }

        (Rows, First, Total) = (rows, window.First, map.Rows);
        return true;
    }

    private (long First, long Count) Window(long total)
    {
        var (first, count) = (Follows, Wraps) switch
        {
            (true, true) => (total - WrappedRows, WrappedRows),
            (true, false) => (total - _visible - Margin, _visible + Margin),
            (false, true) => (Top - (WrappedRows / 2), WrappedRows),
            _ => (Top - _visible, 3 * _visible),
        };
        first = Math.Clamp(first, 0, Math.Max(0, total - count));
        return (first, Math.Min(count, total - first));
    }
}
