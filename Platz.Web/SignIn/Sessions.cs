using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Web.SignIn;

/// <summary>Begins sessions and says whether one may go on; cookies and live circuits ask alike.</summary>
internal sealed class Sessions(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    /// <summary>A session ends this long after it was last used …</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    /// <summary>… and this long after the sign-in, used or not.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>How old the answer of the database may be.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    private const string SignedInAt = "platz_signed_in_at";

    private readonly ConcurrentDictionary<Guid, Answer> _answers = new();

    public ClaimsPrincipal Begin(User user)
    {
        var identity = SignedIn.Identity(
            new Actor.User(user.Id, user.DisplayName), user.IsAdmin, SessionCookie.Scheme);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        identity.AddClaim(new Claim(SignedInAt, now.ToString(CultureInfo.InvariantCulture)));
        _answers.TryRemove(user.Id, out _);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Not after <see cref="Longest"/>, and only while the user is active with the same rights.</summary>
    public async Task<bool> MayGoOnAsync(ClaimsPrincipal session, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (!long.TryParse(session.FindFirstValue(SignedInAt), CultureInfo.InvariantCulture, out var began)
            || now >= DateTimeOffset.FromUnixTimeSeconds(began) + Longest
            || !Guid.TryParse(session.FindFirstValue(ClaimTypes.NameIdentifier), out var userId))
        {
            return false;
        }

        if (!_answers.TryGetValue(userId, out var answer) || now >= answer.At + Recheck)
        {
            answer = await AskAsync(userId, now, cancel);
            _answers[userId] = answer;
        }

        return answer.IsActive && answer.IsAdmin == session.IsAdmin;
    }

    private async Task<Answer> AskAsync(Guid userId, DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Users.Where(u => u.Id == userId).Select(u => new Answer(u.IsActive, u.IsAdmin, now))
            .SingleOrDefaultAsync(cancel) ?? new Answer(IsActive: false, IsAdmin: false, now);
    }

    private sealed record Answer(bool IsActive, bool IsAdmin, DateTimeOffset At);
}
