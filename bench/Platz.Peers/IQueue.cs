namespace Platz.Peers;

/// <summary>A queue of others, with jobs that do nothing but <see cref="Ledger.Note"/>.</summary>
internal interface IQueue : IAsyncDisposable
{
    Task InstallAsync();

    /// <summary>Enqueues all of them; none is worked on before <see cref="WorkAsync"/>.</summary>
    Task FillAsync(IReadOnlyCollection<Job> jobs);

    Task SendAsync(Job job);

    /// <summary>From here on this process works, too.</summary>
    Task WorkAsync();
}

/// <param name="Queued">Seconds since 1970, as whoever sent it saw it.</param>
internal sealed record Job(int Key, int Number, double Queued);
