using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Audit;

/// <summary>
/// Tells the audit trail of what was refused to whom, by whatever way they came: the same to the same within ten minutes
/// once, and so much of each and of all within that time at most, so that nobody can flood it, or hide another's by
/// their own. Of whom there was more, that is told.
/// </summary>
public sealed class DeniedAttempts(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    private const int MostOfOne = 50;

    private const int MostOfAll = 500;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(10);

    private readonly AsyncLocal<DeniedRequest?> _within = new();
    private readonly HashSet<(Guid Actor, string What, Guid? Env)> _told = [];
    private DateTimeOffset _since;

    /// <summary>
    /// What commands refuse from now on is one attempt, which whoever began it tells: for a request that is answered
    /// within this call.
    /// </summary>
    public DeniedRequest Begin()
    {
        var request = new DeniedRequest();
        _within.Value = request;
        return request;
    }

    public async Task NoteAsync(Denial denial, CancellationToken cancel)
    {
        if (News(denial) is not { } news)
        {
            return;
        }

        try
        {
            await AuditLog.AddAsync(databases, Entry(news), cancel);
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            lock (_told)
            {
                _told.Remove(KeyOf(news)); // it was refused all the same, and is told the next time
            }
        }
    }

    /// <summary>Of a command, once it is over: its locks are gone, and so is its connection.</summary>
    internal async Task NoteCommandAsync(Denial denial)
    {
        if (_within.Value is { IsOver: false } request)
        {
            request.Denial ??= denial;
            return;
        }

        await NoteAsync(denial, CancellationToken.None);
    }

    /// <returns>What there is to tell; null for nothing.</returns>
    private Denial? News(Denial denial)
    {
        lock (_told)
        {
            var now = clock.GetUtcNow();
            if (now >= _since + s_window)
            {
                _since = now;
                _told.Clear();
            }

            if (_told.Contains(KeyOf(denial)))
            {
                return null;
            }

            var isTooMuch = _told.Count >= MostOfAll || _told.Count(told => told.Actor == denial.Actor.Id) >= MostOfOne;
            var news = isTooMuch ? Denial.OfMore(denial.Actor) : denial;
            return _told.Add(KeyOf(news)) ? news : null;
        }
    }

    private static (Guid Actor, string What, Guid? Env) KeyOf(Denial denial) =>
        (denial.Actor.Id, denial.Subject.Name, denial.EnvId);

    private static AuditEntry Entry(Denial denial)
    {
        var detail = new JsonObject { ["what"] = denial.Subject.Name };
        if (denial.Needs is { } needs)
        {
            detail["needs"] = $"{needs}";
        }

        return new AuditEntry(AuditAction.Denied, AuditActor.Of(denial.Actor), denial.Subject)
        {
            Outcome = AuditOutcome.Denied,
            EnvId = denial.EnvId,
            Detail = detail,
        };
    }
}

/// <summary>What a command has refused within one request; null for nothing so far.</summary>
public sealed class DeniedRequest
{
    public Denial? Denial { get; internal set; }

    internal bool IsOver { get; private set; }

    /// <summary>Whatever it has begun and left running is none of it.</summary>
    public void End() => IsOver = true;
}
