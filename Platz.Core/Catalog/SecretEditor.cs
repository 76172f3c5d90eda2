using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Catalog;

/// <summary>
/// The secrets of an env: read by name only, their contents never again. A change reinstalls the enabled deployments
/// that use the secret, in the same transaction (contract 2.4).
/// </summary>
public sealed class SecretEditor(IDbContextFactory<PlatzDb> databases, Envelope envelope, TimeProvider clock)
{
    /// <summary>Of the contents, in characters; a Kubernetes Secret holds 1 MiB in all.</summary>
    public const int MaxContents = 256 * 1024;

    private const int MaxName = 200;

    public async Task<SecretResult> CreateAsync(NewSecret wanted, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, wanted.EnvId, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        var (collection, name) = (wanted.Collection.Trim(), wanted.Name.Trim());
        List<FieldError> errors =
        [
            .. NameErrors("collection", collection), .. NameErrors("name", name), .. ContentsErrors(wanted.Contents),
        ];
        if (errors.Count > 0)
        {
            return new SecretResult.Invalid(errors);
        }

        var secret = new EnvSecret
        {
            EnvId = wanted.EnvId,
            Collection = collection,
            Name = name,
            UpdatedAt = clock.GetUtcNow(),
            Contents = [],
        };
        secret.Contents = envelope.Seal(wanted.Contents, secret.Context);
        db.Add(secret);
        return await SaveAsync(
            db, new SecretResult.Saved(secret.Id, 0), [Told(AuditAction.SecretCreated, secret, actor)], cancel);
    }

    /// <param name="name">Null keeps it.</param>
    /// <param name="contents">Null keeps them.</param>
    public async Task<SecretResult> UpdateAsync(
        Guid id, string? name, string? contents, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await FindAsync(db, id, cancel) is not { } secret)
        {
            return new SecretResult.NotFound();
        }

        if (await RefusalAsync(db, secret.EnvId, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        List<FieldError> errors =
        [
            .. name is null ? [] : NameErrors("name", name.Trim()), .. contents is null ? [] : ContentsErrors(contents),
        ];
        if (errors.Count > 0)
        {
            return new SecretResult.Invalid(errors);
        }

        var (before, version) = (NameOf(secret), secret.Version);
        if (!Change(secret, name?.Trim(), contents))
        {
            return new SecretResult.Saved(secret.Id, Reinstalled: 0);
        }

        var users = await Users(db, id).Select(d => d.Id).ToListAsync(cancel);
        await TaskQueue.ReinstallAsync(db, users, $"secret {before} changed", actor, cancel);
        AuditEntry[] told =
        [
            .. NameOf(secret) == before ? NoEntries : [Told(AuditAction.SecretRenamed, secret, actor, "before", before)],
            .. secret.Version == version ? NoEntries
                : [Told(AuditAction.SecretChanged, secret, actor, "reinstalled", users.Count)],
        ];
        return await SaveAsync(db, new SecretResult.Saved(id, users.Count), told, cancel);
    }

    /// <summary>Refused while deployments use the secret, disabled ones too: they could not be enabled again.</summary>
    public async Task<SecretResult> DeleteAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await FindAsync(db, id, cancel) is not { } secret)
        {
            return new SecretResult.NotFound();
        }

        if (await RefusalAsync(db, secret.EnvId, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        var users = await (
            from dependency in db.Dependencies
            join deployment in db.Deployments on dependency.DeploymentId equals deployment.Id
            where dependency.Kind == DependencyKind.Secret && dependency.TargetId == id && deployment.DeletedAt == null
            orderby deployment.Namespace
            select deployment.Namespace).Take(20).ToListAsync(cancel);
        if (users.Count > 0)
        {
            return new SecretResult.Conflict($"Deployments use this secret: {string.Join(", ", users)}.");
        }

        db.Remove(secret);
        return await SaveAsync(
            db, new SecretResult.Saved(id, 0), [Told(AuditAction.SecretDeleted, secret, actor)], cancel);
    }

    /// <summary>Never the contents, not even sealed.</summary>
    public async Task<List<SecretItem>> ListAsync(Guid envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Secrets.Where(s => s.EnvId == envId).OrderBy(s => s.Collection).ThenBy(s => s.Name)
            .Select(s => new SecretItem(
                s.Id, s.EnvId, s.Collection, s.Name, s.CreatedAt, s.UpdatedAt,
                db.Dependencies.Count(d => d.Kind == DependencyKind.Secret && d.TargetId == s.Id
                    && db.Deployments.Any(u => u.Id == d.DeploymentId && u.Enabled && u.DeletedAt == null))))
            .ToListAsync(cancel);
    }

    private bool Change(EnvSecret secret, string? name, string? contents)
    {
        var renamed = name is not null && name != secret.Name;
        var changed = contents is not null && contents != envelope.OpenText(secret.Contents, secret.Context);
        secret.Name = name ?? secret.Name;
        if (changed)
        {
            secret.Version++;
            secret.Contents = envelope.Seal(contents!, secret.Context);
        }

        secret.UpdatedAt = renamed || changed ? clock.GetUtcNow() : secret.UpdatedAt;
        return renamed || changed;
    }

    private static IQueryable<Deployment> Users(PlatzDb db, Guid secretId) =>
        from dependency in db.Dependencies
        join deployment in db.Deployments on dependency.DeploymentId equals deployment.Id
        where dependency.Kind == DependencyKind.Secret && dependency.TargetId == secretId
            && deployment.Enabled && deployment.DeletedAt == null
        select deployment;

    private static Task<EnvSecret?> FindAsync(PlatzDb db, Guid id, CancellationToken cancel) =>
        db.Secrets.FromSql($"SELECT * FROM secrets WHERE id = {id} FOR UPDATE").SingleOrDefaultAsync(cancel);

    private static async Task<SecretResult?> RefusalAsync(PlatzDb db, Guid envId, Actor actor, CancellationToken cancel) =>
        await Access.OfAsync(db, actor, envId, kindId: null, cancel) switch
        {
            Standing.None => new SecretResult.NotFound(),
            var standing when !db.Admits(actor, standing, Permission.EditSecrets, envId) =>
                new SecretResult.Forbidden($"This needs {Access.Needs(Permission.EditSecrets)}."),
            _ when !await db.Envs.AnyAsync(e => e.Id == envId, cancel) => new SecretResult.NotFound(),
            _ => null,
        };

    private static AuditEntry[] NoEntries => [];

    private static string NameOf(EnvSecret secret) => $"{secret.Collection}/{secret.Name}";

    private static AuditEntry Told(
        string action, EnvSecret secret, Actor actor, string? name = null, JsonNode? value = null) =>
        new(action, AuditActor.Of(actor), new AuditSubject("secret", secret.Id, NameOf(secret)))
        {
            EnvId = secret.EnvId,
            Detail = name is null ? [] : new JsonObject { [name] = value },
        };

    private static async Task<SecretResult> SaveAsync(
        PlatzDb db, SecretResult.Saved saved, AuditEntry[] told, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation
        })
        {
            return new SecretResult.Conflict($"There is already a secret {told[0].Subject.Name}.");
        }

        foreach (var entry in told)
        {
            await AuditLog.AppendAsync(db, entry, cancel);
        }

        await db.Database.CommitTransactionAsync(cancel);
        return saved;
    }

    private static IEnumerable<FieldError> NameErrors(string field, string text) => text switch
    {
        "" => [new FieldError(field, "This is needed.")],
        { Length: > MaxName } => [new FieldError(field, $"This is too long: at most {MaxName} characters.")],
        _ when text.Any(char.IsControl) || text.Contains('/', StringComparison.Ordinal) =>
            [new FieldError(field, "Slashes and control characters cannot be part of it.")],
        _ => [],
    };

    private static IEnumerable<FieldError> ContentsErrors(string text) => text switch
    {
        "" => [new FieldError("contents", "This is needed.")],
        { Length: > MaxContents } => [new FieldError("contents", $"This is too long: at most {MaxContents / 1024} KiB.")],
        _ when text.Contains('\0', StringComparison.Ordinal) =>
            [new FieldError("contents", "A NUL character cannot be passed on.")],
        _ => [],
    };
}
