using Microsoft.AspNetCore.Components;
using MudBlazor;
using Platz.Core.Tasks.Logs;

namespace Platz.Web.Tasks.Logs;

/// <summary>Finding one's way: the search, the first error, lines by number.</summary>
public sealed partial class LogView
{
    /// <summary>A search that takes longer says how far it came.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private LogSearch? _search;
    private LogSearch? _sought; // the last one begun
    private LogMatch? _match;
    private Task? _walk; // the last step from match to match, each from where the one before ended
    private bool _isPartial;
    private LineRange? _picked;
    private long _pickedFirst;
    private string? _address;

    private async Task SearchAsync(string text)
    {
        var search = text.Length == 0 ? null : new LogSearch(rows.Chunks, Task.Id, text);
        _sought = search;
        await CountAsync(search);
        var from = search is { Total: > 0 } ? await SeenAsync() : 0;
        if (search != _sought)
        {
            return; // they have typed on
        }

        (_search, _match) = (search, null);
        if (search is { Total: > 0 })
        {
            await (_walk = MatchAsync(search, search.NextAsync(from, -1, CancellationToken.None)));
            return;
        }

        await ShowAsync();
    }

    private async Task CountAsync(LogSearch? search)
    {
        if (search is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(s_longest);
        try
        {
            await search.CountAsync(_state.Shape, limit.Token);
            _isPartial = false;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            _isPartial = true;
        }
    }

    private Task NextAsync() => WalkAsync(
        (search, match, seq) => search.NextAsync(seq, match?.Start ?? -1, CancellationToken.None));

    private Task PreviousAsync() => WalkAsync(
        (search, match, seq) => search.PreviousAsync(seq, match?.Start ?? 0, CancellationToken.None));

    /// <summary>Keys come faster than chunks are read.</summary>
    private Task WalkAsync(Func<LogSearch, LogMatch?, long, Task<LogMatch?>> find) => _walk = StepAsync(_walk, find);

    private async Task StepAsync(Task? before, Func<LogSearch, LogMatch?, long, Task<LogMatch?>> find)
    {
        if (before is not null)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        if (_search is { } search)
        {
            var match = _match;
            await MatchAsync(search, find(search, match, match?.Seq ?? await SeenAsync()));
        }
    }

    /// <summary>The first line on the screen; the browser knows it to the line, and where lines wrap it alone.</summary>
    private async Task<long> SeenAsync() => await _script.SeenAsync() ?? _viewport.TopSeq;

    private async Task MatchAsync(LogSearch search, Task<LogMatch?> finding)
    {
        if (await finding is { } match && search == _search)
        {
            _match = match;
            GoTo(match.Seq);
            await ShowAsync();
        }
    }

    private async Task ToFirstErrorAsync()
    {
        using var limit = new CancellationTokenSource(s_longest);
        try
        {
            if (await LogErrors.FirstAsync(rows.Chunks, Task.Id, _state.Shape, limit.Token) is { } seq)
            {
                await PickAsync(new LineRange(seq, seq));
                return;
            }

            screen.Say(("No line of this log tells of an error.", Severity.Info));
        }
        catch (OperationCanceledException)
        {
            screen.Say(("The log is too long to be searched for errors here.", Severity.Warning));
        }
    }

    private async Task PickTypedAsync(string text)
    {
        if (LineRange.Parse(text) is { } range)
        {
            await PickAsync(range);
        }
        else if (text.Trim().Length == 0)
        {
            await PickAsync(null);
        }
        else
        {
            screen.Say(("Give the number of a line, or two as in 120-130.", Severity.Warning));
        }
    }

    private Task PickAsync(LineRange? range)
    {
        Pick(range);
        if (range is { } lines)
        {
            GoTo(lines.First);
        }

        return ShowAsync();
    }

    /// <summary>Picks lines out and says so in the address, which others can be given.</summary>
    private void Pick(LineRange? range)
    {
        (_picked, _address) = (range, range?.ToString());
        screen.Navigation.NavigateTo(
            screen.Navigation.GetUriWithQueryParameter("line", _address), replace: true);
    }

    private void PickFromAddress()
    {
        _address = Line;
        _picked = LineRange.Parse(Line);
        if (_picked is { } lines)
        {
            _pickedFirst = lines.First;
            GoTo(lines.First);
        }
    }

    private string DownloadOf(LineRange lines) => Links.Log(Task.Id, lines.ToString());
}
