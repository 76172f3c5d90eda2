using System.Globalization;
using Platz.Web.Shared;

namespace Platz.Web.Deployments;

/// <summary>When to run what was asked for, as typed into a field of date and time; empty for at once.</summary>
public sealed class RunTime
{
    private const string Form = "yyyy-MM-dd'T'HH:mm";

    private static readonly string[] s_forms = [Form, $"{Form}:ss", $"{Form}:ss.FFF"];

    /// <summary>A plan further ahead is a slip of the keyboard.</summary>
    private static readonly TimeSpan s_furthest = TimeSpan.FromDays(365);

    /// <summary>What was typed is a time of this zone.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public string? Text
    {
        get;
        set => (field, Error) = (value, null);
    }

    public string? Error { get; private set; }

    /// <summary>Null for at once; told by <see cref="Check"/>.</summary>
    public DateTimeOffset? At { get; private set; }

    /// <summary>What was typed, in UTC; null where that says nothing more.</summary>
    public string? Utc => Zone.Id != TimeZoneInfo.Utc.Id && Read() is ({ } at, _) ? TimeWords.Absolute(at) : null;

    /// <summary>A time that far ahead, as it would be typed.</summary>
    public string Ahead(DateTimeOffset now, TimeSpan time) =>
        TimeZoneInfo.ConvertTime(now + time, Zone).ToString(Form, CultureInfo.InvariantCulture);

    public bool Check(DateTimeOffset now)
    {
        (At, Error) = Read() switch
        {
            ({ } at, _) when at < now => (null, "This time has passed."),
            ({ } at, _) when at - now > s_furthest => (null, "This is more than a year ahead."),
            var read => read,
        };
        return Error is null;
    }

    private (DateTimeOffset? At, string? Error) Read()
    {
        if (string.IsNullOrWhiteSpace(Text))
        {
            return (null, null);
        }

        if (!DateTime.TryParseExact(Text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var typed)
            || typed.Year is < 1970 or > 9000)
        {
            return (null, "This is no date and time.");
        }

        if (Zone.IsInvalidTime(typed))
        {
            return (null, "There is no such time on that day: the clocks go forward.");
        }

        // Of an hour that comes twice, the first: what is shown in UTC says which.
        var offset = Zone.IsAmbiguousTime(typed) ? Zone.GetAmbiguousTimeOffsets(typed).Max() : Zone.GetUtcOffset(typed);
        return (new DateTimeOffset(typed, offset).ToUniversalTime(), null);
    }
}
