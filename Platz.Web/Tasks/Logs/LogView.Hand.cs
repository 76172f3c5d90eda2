using Microsoft.JSInterop;
using MudBlazor;

namespace Platz.Web.Tasks.Logs;

/// <summary>What <c>wwwroot/log.js</c> calls; each call comes from something that the reader did.</summary>
public sealed partial class LogView
{
    /// <summary>Other rows are on the screen.</summary>
    [JSInvokable]
    public Task LookAsync(long top, int visible)
    {
        _viewport.Look(top, visible);
        return ShowAsync();
    }

    /// <summary>Their own scroll has left the end, or has come back to it.</summary>
    [JSInvokable]
    public Task LeaveEndAsync(bool leave, long top, int visible)
    {
        _viewport.Leave(leave, top, visible);
        _seenTo = _state.Shape.Last;
        return ShowAsync();
    }

    [JSInvokable]
    public Task PickLineAsync(long seq, bool extend)
    {
        var again = !extend && _picked == new LineRange(seq, seq);
        _pickedFirst = extend && _picked is not null ? _pickedFirst : seq;
        Pick(again ? null : LineRange.Between(_pickedFirst, seq));
        return ShowAsync();
    }

    [JSInvokable]
    public Task KeyAsync(string key) => key switch
    {
        "n" => NextAsync(),
        "N" => PreviousAsync(),
        "e" => ToFirstErrorAsync(),
        "f" or "End" => ToEndAsync(),
        _ => System.Threading.Tasks.Task.CompletedTask,
    };

    [JSInvokable]
    public void Copied(bool done) => screen.Say(done
        ? ("Copied.", Severity.Success)
        : ("The browser did not let it be copied; the download has it all.", Severity.Warning));
}
