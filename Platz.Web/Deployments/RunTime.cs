using System.Globalization;

namespace Platz.Web.Deployments;

/// <summary>When to run what was asked for, as typed into a field of date and time; empty for at once.</summary>
public sealed class RunTime
{
    /// <summary>A plan further ahead is a slip of the keyboard.</summary>
    private static readonly TimeSpan s_furthest = TimeSpan.FromDays(365);

    public string? Text
    {
        get;
        set => (field, Error) = (value, null);
    }

    public string? Error { get; private set; }

    /// <summary>Null for at once; told by <see cref="Check"/>.</summary>
    public DateTimeOffset? At { get; private set; }

    public bool Check(DateTimeOffset now)
    {
        (At, Error) = Read(now);
        return Error is null;
    }

    private (DateTimeOffset?, string?) Read(DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(Text))
        {
            return (null, null);
        }

        return DateTimeOffset.TryParse(
            Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at)
            ? at switch
            {
                _ when at < now => (null, "This time has passed."),
                _ when at - now > s_furthest => (null, "This is more than a year ahead."),
                _ => (at, null),
            }
            : (null, "This is no date and time.");
    }
}
