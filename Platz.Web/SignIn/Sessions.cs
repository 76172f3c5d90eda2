using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Platz.Core.Identity;

namespace Platz.Web.SignIn;

/// <summary>Begins sessions and says whether one may go on; cookies and live circuits ask alike.</summary>
internal sealed partial class Sessions(SessionRegister register, TimeProvider clock, ILogger<Sessions> log)
{
    /// <summary>A session ends this long after it was last used …</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    /// <summary>… and this long after the sign-in, used or not.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>How old the answer of the database may be where nobody tells of a change.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    private const string SignedInAt = "platz_signed_in_at";
    private const string SessionId = "platz_session";

    /// <summary>More than that many answers are not kept: most are of sessions long over.</summary>
    private const int Most = 10_000;

    /// <summary>How often the database is told that somebody works in an open page.</summary>
    private static readonly TimeSpan s_usesApart = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, Answer> _answers = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _used = new();

    public ClaimsPrincipal Begin(User user)
    {
        var identity = SignedIn.Identity(
            new Actor.User(user.Id, user.DisplayName), user.IsAdmin, SessionCookie.Scheme);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        identity.AddClaim(new Claim(SignedInAt, now.ToString(CultureInfo.InvariantCulture)));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Which session it is; null of who has none.</summary>
    public static Guid? IdOf(ClaimsPrincipal session) =>
        Guid.TryParse(session.FindFirstValue(SessionId), out var id) ? id : null;

    public static void Name(ClaimsIdentity identity, Guid id)
    {
        if (identity.FindFirst(SessionId) is null)
        {
            identity.AddClaim(new Claim(SessionId, id.ToString()));
        }
    }

    /// <summary>Not after <see cref="Longest"/>, and only while it has not been ended and its user has the same rights.</summary>
    public async Task<bool> MayGoOnAsync(ClaimsPrincipal session, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (now >= LatestEnd(session) || IdOf(session) is not { } id)
        {
            return false;
        }

        if (!_answers.TryGetValue(id, out var answer) || now >= answer.At + Recheck)
        {
            answer = new Answer(await register.StateAsync(id, cancel), now);
            Keep(_answers, id, answer);
        }

        return answer.State.GoesOn && answer.State.IsAdmin == session.IsAdmin;
    }

    /// <summary>
    /// Somebody does something in an open page, where no request is made that would renew the session. Nobody waits for
    /// that: what is done next must not overtake it.
    /// </summary>
    public void Use(ClaimsPrincipal session)
    {
        var now = clock.GetUtcNow();
        if (IdOf(session) is { } id && (!_used.TryGetValue(id, out var used) || now >= used + s_usesApart))
        {
            Keep(_used, id, now);
            var (idle, latest) = (now + Idle, LatestEnd(session));
            _ = RenewAsync(id, idle < latest ? idle : latest);
        }
    }

    private async Task RenewAsync(Guid id, DateTimeOffset end)
    {
        try
        {
            await register.UseAsync(id, end, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotRenewed(e);
        }
    }

    private static DateTimeOffset LatestEnd(ClaimsPrincipal session) =>
        long.TryParse(session.FindFirstValue(SignedInAt), CultureInfo.InvariantCulture, out var began)
            ? DateTimeOffset.FromUnixTimeSeconds(began) + Longest
            : DateTimeOffset.MinValue;

    private static void Keep<T>(ConcurrentDictionary<Guid, T> kept, Guid id, T value)
    {
        if (kept.Count >= Most)
        {
            kept.Clear();
        }

        kept[id] = value;
    }

    /// <summary>Something about it has changed: the database is asked again.</summary>
    public void Forget(Guid id) => _answers.TryRemove(id, out _);

    [LoggerMessage(LogLevel.Warning, "That a session is used could not be noted")]
    private partial void LogNotRenewed(Exception e);

    private sealed record Answer(SessionState State, DateTimeOffset At);
}
