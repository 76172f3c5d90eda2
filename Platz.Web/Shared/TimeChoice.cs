using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.JSInterop;

namespace Platz.Web.Shared;

/// <summary>
/// How times are shown: in the browser's zone or in UTC, relative or absolute, as this browser keeps it
/// (<c>wwwroot/time.js</c>). One per circuit; UTC and relative until it is started.
/// </summary>
public sealed partial class TimeChoice(IJSRuntime js)
{
    private TimeZoneInfo _local = TimeZoneInfo.Utc;

    public bool IsLocal { get; private set; }

    public bool IsAbsolute { get; private set; }

    /// <summary>The browser's own zone, chosen or not.</summary>
    public TimeZoneInfo Local => _local;

    /// <summary>What the browser calls its zone: "Europe/Berlin".</summary>
    public string LocalName => _local.Id;

    /// <summary>The zone that times are shown in.</summary>
    public TimeZoneInfo Zone => IsLocal ? _local : TimeZoneInfo.Utc;

    /// <summary>May come from any thread.</summary>
    public event Action? Changed;

    public ValueTask ShowLocalAsync(bool isLocal, CancellationToken cancel) =>
        js.InvokeVoidAsync("platzTimes.chooseZone", cancel, isLocal ? "local" : "utc");

    public ValueTask ShowAbsoluteAsync(bool isAbsolute, CancellationToken cancel) =>
        js.InvokeVoidAsync("platzTimes.chooseForm", cancel, isAbsolute ? "absolute" : "relative");

    /// <summary>To the second, with its zone.</summary>
    public string Absolute(DateTimeOffset time) => TimeWords.Absolute(time, Zone);

    internal void Change(string shown)
    {
        Take(shown);
        Changed?.Invoke();
    }

    /// <param name="shown">
    /// "local" or "utc", "relative" or "absolute", the zone's IANA name and its minutes ahead of UTC. One text, not an
    /// object: what JSON has to know about that would stay with every circuit.
    /// </param>
    internal void Take(string? shown)
    {
        if (shown?.Split(' ') is [var zone, var form, var name, var offset]
            && int.TryParse(offset, CultureInfo.InvariantCulture, out var minutes))
        {
            (IsLocal, IsAbsolute, _local) = (zone == "local", form == "absolute", ZoneOf(name, minutes));
        }
    }

    /// <summary>A zone that this machine does not know is as far from UTC as it is in the browser now.</summary>
    private static TimeZoneInfo ZoneOf(string name, int offset)
    {
        if (name.Length <= 64 && ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        var ahead = TimeSpan.FromMinutes(Math.Clamp(offset, -14 * 60, 14 * 60));
        return TimeZoneInfo.CreateCustomTimeZone("the browser’s zone", ahead, null, null);
    }

    // It becomes a path.
    [GeneratedRegex(@"\A[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*\z")]
    private static partial Regex ZoneName();
}
