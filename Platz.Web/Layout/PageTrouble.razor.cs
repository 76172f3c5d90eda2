using Microsoft.AspNetCore.Components;
using Platz.Core.Data;
using Platz.Web.Live;

namespace Platz.Web.Layout;

/// <summary>Says why there is no page, and has it shown again by itself where that is a matter of time.</summary>
public sealed partial class PageTrouble(ChangeFeed feed, TimeProvider clock) : IDisposable
{
    /// <summary>Where changes are heard the database is there again, or was away for somebody else only.</summary>
    private static readonly TimeSpan s_breath = TimeSpan.FromSeconds(3);

    private ITimer? _again;

    [Parameter, EditorRequired]
    public required Exception Error { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnAgain { get; set; }

    private bool IsDown => DatabaseTrouble.IsDown(Error);

    protected override void OnInitialized()
    {
        if (IsDown)
        {
            feed.CutChanged += Heard;
            _again = clock.CreateTimer(_ => Heard(), null, s_breath, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        feed.CutChanged -= Heard;
        _again?.Dispose();
    }

    private void Heard()
    {
        if (!feed.IsCut)
        {
            _ = InvokeAsync(OnAgain.InvokeAsync);
        }
    }
}
