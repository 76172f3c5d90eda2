namespace Platz.Runner.Resources;

/// <summary>What came of one lifecycle call.</summary>
/// <param name="Error">Null when it succeeded.</param>
/// <param name="Again">Whether the same call may succeed later: nobody answered, or was too busy.</param>
internal sealed record SyncOutcome(string? Error, bool Again)
{
    private const int MostAttempts = 5;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(5);

    public static SyncOutcome Done { get; } = new(null, false);

    public static SyncOutcome Refused(string error) => new(error, Again: false);

    public static SyncOutcome NotNow(string error) => new(error, Again: true);

    /// <summary>How long to wait after so many failed calls: 5 s, 20 s, 80 s, 320 s.</summary>
    /// <returns>Null when it is not tried again.</returns>
    public TimeSpan? Pause(int attempts) =>
        Again && attempts < MostAttempts ? s_firstPause * Math.Pow(4, attempts - 1) : null;
}
