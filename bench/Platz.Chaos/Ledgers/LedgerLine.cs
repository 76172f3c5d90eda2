using System.Globalization;

namespace Platz.Chaos.Ledgers;

/// <summary>What a runner's ledger tells of.</summary>
internal enum Act
{
    /// <summary>The run of a task begins.</summary>
    Begun,

    /// <summary>It made the effect.</summary>
    Made,

    /// <summary>It found the effect made: by an earlier attempt.</summary>
    Found,

    /// <summary>It has ended and is about to record an outcome.</summary>
    Ended,

    /// <summary>It stopped on the way: canceled, handed over, or its lease was lost.</summary>
    Left,

    /// <summary>The whole process stood still until now.</summary>
    StoodStill,
}

/// <summary>One line of a ledger: plain text, so that what a killed process wrote is whole but for its last line.</summary>
/// <param name="Lasted">For <see cref="Act.StoodStill"/> alone.</param>
internal sealed record LedgerLine(
    Act Act, DateTimeOffset At, Guid Task = default, Guid Deployment = default, long Fence = 0, TimeSpan Lasted = default)
{
    private const char Separator = ' ';

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Act}{Separator}{At.UtcTicks}{Separator}{Task}{Separator}{Deployment}{Separator}{Fence}{Separator}{Lasted.Ticks}\n");

    /// <returns>Null for a torn line.</returns>
    public static LedgerLine? Read(string line) =>
        line.Split(Separator) is [var act, var at, var task, var deployment, var fence, var lasted]
        && Enum.TryParse<Act>(act, out var known)
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && Guid.TryParse(task, out var taskId) && Guid.TryParse(deployment, out var deploymentId)
        && long.TryParse(fence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(lasted, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new LedgerLine(
                known, new DateTimeOffset(ticks, TimeSpan.Zero), taskId, deploymentId, number, TimeSpan.FromTicks(length))
            : null;
}
