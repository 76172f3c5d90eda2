namespace Platz.Web.Activity;

/// <summary>
/// Whether there is any, for those whom a change of that costs much: told at once, but that there is none any more only a
/// moment later, for where much happens the next is often there by then.
/// </summary>
internal sealed class Lingering
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

    private DateTimeOffset? _noneSince;

    /// <summary>As it was told; null before.</summary>
    public bool? IsAny { get; private set; }

    /// <summary>What comes next is of something else, and is told at once.</summary>
    public void Forget() => IsAny = null;

    /// <returns>True when there is something to tell.</returns>
    public bool See(bool isAny, DateTimeOffset now)
    {
        _noneSince = isAny ? null : _noneSince ?? now;
        return (isAny || IsAny is null) && Turn(isAny);
    }

    /// <inheritdoc cref="See"/>
    public bool Tick(DateTimeOffset now) => now - _noneSince >= s_moment && Turn(isAny: false);

    private bool Turn(bool isAny)
    {
        var hasChanged = IsAny != isAny;
        IsAny = isAny;
        return hasChanged;
    }
}
