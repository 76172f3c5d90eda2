using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// Lets in whom an OpenID Connect provider vouches for (contract 3). A user is known by the provider's subject alone:
/// an e-mail address may be another person's tomorrow (security.md 1).
/// </summary>
public sealed class SignIns(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    /// <param name="origin">From where, for the audit trail.</param>
    public async Task<EntryOutcome> EnterAsync(ProvidedIdentity who, Origin origin, CancellationToken cancel)
    {
        try
        {
            return await EnterOnceAsync(who, origin, cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return await EnterOnceAsync(who, origin, cancel); // somebody else has got the address meanwhile
        }
    }

    private async Task<EntryOutcome> EnterOnceAsync(ProvidedIdentity who, Origin origin, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // Two first sign-ins of one person at once make one user.
        await db.Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtextextended({$"{who.Issuer}\n{who.Subject}"}, 0))", cancel);
        var outcome = await FindAsync(db, who, cancel) ?? await AddAsync(db, who, cancel);
        await db.SaveChangesAsync(cancel);
        foreach (var entry in Entries(outcome, who, origin))
        {
            await AuditLog.AppendAsync(db, entry, cancel);
        }

        await transaction.CommitAsync(cancel);
        return outcome;
    }

    /// <summary>Somebody whom the configuration lets not in.</summary>
    public async Task RefuseAsync(string name, string why, Origin origin, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await AuditLog.AppendAsync(db, Refusal(name, why, origin), cancel);
        await transaction.CommitAsync(cancel);
    }

    private static IEnumerable<AuditEntry> Entries(EntryOutcome outcome, ProvidedIdentity who, Origin origin)
    {
        if (outcome is not EntryOutcome.Entered(var user, var changes) entered)
        {
            yield return Refusal(who.Email, $"{((EntryOutcome.Refused)outcome).Why}", origin);
            yield break;
        }

        var actor = AuditActor.Of(new Actor.User(user.Id, user.DisplayName) { Origin = origin });
        foreach (var action in changes.Append(AuditAction.SignInDone))
        {
            yield return new AuditEntry(action, actor, new("user", user.Id, user.DisplayName))
            {
                Detail = new JsonObject { ["issuer"] = who.Issuer },
            };
        }

        foreach (var env in entered.Joined)
        {
            var names = new RoleNames(user.DisplayName, env.Name);
            var held = new RoleHeld(new ActorRef(ActorKind.User, user.Id), env.Id, KindId: null, $"{EnvRole.User}");
            yield return RoleChange.Told(AuditAction.EnvRoleGranted, held, names, before: null, AuditActor.System);
        }
    }

    private static AuditEntry Refusal(string name, string why, Origin origin) =>
        new(AuditAction.SignInRefused, AuditActor.Anonymous(origin), new("user", null, name))
        {
            Outcome = AuditOutcome.Denied,
            Detail = new JsonObject { ["why"] = why },
        };

    private async Task<EntryOutcome?> FindAsync(PlatzDb db, ProvidedIdentity who, CancellationToken cancel)
    {
        var identity = await db.UserIdentities.SingleOrDefaultAsync(
            i => i.Issuer == who.Issuer && i.Subject == who.Subject, cancel);
        if (identity is null)
        {
            return null;
        }

        var user = await db.Users.SingleAsync(u => u.Id == identity.UserId, cancel);
        if (!user.IsActive)
        {
            return new EntryOutcome.Refused(EntryRefusal.Deactivated);
        }

        string[] renamed = user.DisplayName == who.Name ? [] : [AuditAction.UserRenamed];
        user.DisplayName = who.Name;
        if (user.Email != who.Email && !await IsTakenAsync(db, who.Email, user.Id, cancel))
        {
            user.Email = who.Email;
        }

        user.LastSignInAt = identity.LastSignInAt = clock.GetUtcNow();
        return new EntryOutcome.Entered(user, [.. renamed, .. Appoint(user, identity, who.IsAdmin)]);
    }

    private async Task<EntryOutcome> AddAsync(PlatzDb db, ProvidedIdentity who, CancellationToken cancel)
    {
        if (await IsTakenAsync(db, who.Email, except: null, cancel))
        {
            return new EntryOutcome.Refused(EntryRefusal.EmailIsAnothers);
        }

        var now = clock.GetUtcNow();
        var user = new User { DisplayName = who.Name, Email = who.Email, IsAdmin = who.IsAdmin, LastSignInAt = now };
        db.Add(user);
        await db.SaveChangesAsync(cancel); // before what refers to it
        db.Add(new UserIdentity
        {
            Issuer = who.Issuer,
            Subject = who.Subject,
            UserId = user.Id,
            AdminFromProvider = who.IsAdmin,
            LastSignInAt = now,
        });
        var welcoming = await db.Envs.Where(e => e.AutoAddNewUsers).ToListAsync(cancel);
        db.AddRange(welcoming.Select(e => new EnvPermission { EnvId = e.Id, UserId = user.Id, Role = EnvRole.User }));
        return new EntryOutcome.Entered(
            user, who.IsAdmin ? [AuditAction.UserCreated, AuditAction.UserAdminGranted] : [AuditAction.UserCreated])
        {
            Joined = welcoming,
        };
    }

    /// <summary>Who is made an admin here stays one; what came from the configuration goes with it.</summary>
    private static string[] Appoint(User user, UserIdentity identity, bool isAdmin)
    {
        if (isAdmin && !user.IsAdmin)
        {
            (user.IsAdmin, identity.AdminFromProvider) = (true, true);
            return [AuditAction.UserAdminGranted];
        }

        if (!isAdmin && identity.AdminFromProvider)
        {
            string[] taken = user.IsAdmin ? [AuditAction.UserAdminTaken] : [];
            (user.IsAdmin, identity.AdminFromProvider) = (false, false);
            return taken;
        }

        return [];
    }

    private static Task<bool> IsTakenAsync(PlatzDb db, string email, Guid? except, CancellationToken cancel)
    {
#pragma warning disable CA1304, CA1311, CA1862 // PostgreSQL's lower(), which the index has
        return db.Users.AnyAsync(u => u.Id != except && u.Email.ToLower() == email.ToLower(), cancel);
#pragma warning restore CA1304, CA1311, CA1862
    }
}

/// <summary>Somebody, as a provider tells of them.</summary>
/// <param name="IsAdmin">Whether the configuration makes them a site admin.</param>
public sealed record ProvidedIdentity(string Issuer, string Subject, string Name, string Email, bool IsAdmin);

public enum EntryRefusal
{
    Deactivated,

    /// <summary>A user who came another way has this address.</summary>
    EmailIsAnothers,
}

public abstract record EntryOutcome
{
    /// <param name="Changes">What the sign-in has changed about the user, in the words of the audit trail.</param>
    public sealed record Entered(User User, IReadOnlyList<string> Changes) : EntryOutcome
    {
        /// <summary>The envs that have taken in somebody who was never here before.</summary>
        public IReadOnlyList<Env> Joined { get; init; } = [];
    }

    public sealed record Refused(EntryRefusal Why) : EntryOutcome;
}
