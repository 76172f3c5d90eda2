using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Insight;
using Platz.Web.Live;
using Platz.Web.Shared;

namespace Platz.Web.Insight;

/// <summary>
/// Reads again when something has changed, at most every ten seconds, and each minute, as often as figures are counted:
/// at the same moments in all circuits, so that those who show the same share what is read.
/// </summary>
public sealed partial class InsightView(
    InsightPictures pictures, TaskFeed feed, Ticker ticker, TimeChoice times) : IDisposable
{
    private const int StepsInAMinute = 6;

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_late = TimeSpan.FromMinutes(5);

    private InsightPicture? _picture;
    private InsightWish? _shown;
    private IDisposable? _subscription;
    private IDisposable? _ticking;
    private DateTimeOffset _now;
    private long _change;
    private bool _changed;
    private long _step;
    private long _readStep;
    private bool _reading;
    private bool _failed;

    [Parameter, EditorRequired]
    public required Env Env { get; set; }

    /// <summary>Null for all of the env.</summary>
    [Parameter]
    public InsightSubject? Deployment { get; set; }

    /// <summary>One of <see cref="InsightPeriod.Choices"/>.</summary>
    [Parameter, EditorRequired]
    public int Days { get; set; }

    /// <summary>Of this page with so many days.</summary>
    [Parameter, EditorRequired]
    public required Func<int, string> Address { get; set; }

    private TimeZoneInfo Zone => times.Zone;

    private InsightWish Wish => new(Env.Id, Deployment, Days, Zone.Id, Zone.BaseUtcOffset);

    private string Counted => _picture?.Report switch
    {
        null => "",
        { CountedAt: null } => "Not counted yet: a runner counts once a minute.",
        { CountedAt: { } at } when _now - at > s_late => $"Counted until {times.Absolute(at)}",
        { CountedAt: { } at } => $"Counted {TimeWords.Relative(at, _now)}, anew each minute",
    };

    protected override void OnInitialized()
    {
        Topic topic = Deployment is { } one ? new Topic.Deployment(Env.Id, one.Id) : new Topic.Env(Env.Id);
        _subscription = feed.Subscribe(topic, change =>
        {
            (_change, _changed) = (change, true);
            return Task.CompletedTask;
        });
        _ticking = ticker.Subscribe(() => _ = InvokeAsync(TickAsync));
    }

    protected override Task OnParametersSetAsync() => _shown == Wish ? Task.CompletedTask : ReadAsync(since: null);

    public void Dispose()
    {
        _subscription?.Dispose();
        _ticking?.Dispose();
    }

    private async Task TickAsync()
    {
        var step = ticker.Now.Ticks / s_step.Ticks;
        if (_shown != Wish)
        {
            await ReadAsync(since: null); // the zone was changed
        }
        else if (step != _step)
        {
            _step = step;
            if (_changed || step % StepsInAMinute == 0 || step - _readStep > StepsInAMinute)
            {
                await ReadAsync(_change);
                return;
            }

            _now = ticker.Now; // what runs grows
            StateHasChanged();
        }
    }

    private Task AgainAsync() => ReadAsync(since: null);

    private async Task ReadAsync(long? since)
    {
        if (_reading)
        {
            return;
        }

        _reading = true;
        (_shown, _readStep, _changed) = (Wish, ticker.Now.Ticks / s_step.Ticks, false);
        try
        {
            var (wish, zone) = (Wish, Zone);
            _picture = await feed.ReadAsync(
                wish, since, () => pictures.ReadAsync(wish, zone, CancellationToken.None));
            (_now, _failed) = (ticker.Now, false);
        }
        catch (Exception e) when (e is DbException || DatabaseTrouble.IsDown(e))
        {
            _failed = true; // the next read may go better
        }
        finally
        {
            _reading = false;
            StateHasChanged();
        }
    }
}
