using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>
/// Kinds come with the registries; a site admin may call them something else. What is deployed stays where it is: a
/// namespace is stored when it is made.
/// </summary>
public sealed partial class KindEditor(IDbContextFactory<PlatzDb> databases)
{
    public async Task<SettingResult> RenameAsync(Guid id, string name, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await db.AdmitsAsync(actor, Permission.EditSite, cancel))
        {
            return new SettingResult.Forbidden(Permission.EditSite);
        }

        if (await db.Kinds.SingleOrDefaultAsync(k => k.Id == id, cancel) is not { } kind)
        {
            return new SettingResult.NotFound();
        }

        var wanted = name.Trim();
        if (NameError(wanted) is { } error)
        {
            return new SettingResult.Invalid("name", error);
        }

        // "web" and "Web" would share their namespaces.
        if (await db.Kinds.AnyAsync(
            k => k.Id != id && EF.Functions.ILike(k.Name, SqlPattern.Equal(wanted), SqlPattern.Escape), cancel))
        {
            return Taken();
        }

        return await SaveAsync(db, kind, wanted, actor, cancel);
    }

    private static async Task<SettingResult> SaveAsync(
        PlatzDb db, Kind kind, string name, Actor actor, CancellationToken cancel)
    {
        var before = kind.Name;
        if (before == name)
        {
            return new SettingResult.Saved(kind.Id);
        }

        try
        {
            kind.Name = name;
            await db.SaveChangesAsync(cancel);
            var subject = new AuditSubject("kind", kind.Id, name);
            await AuditLog.AppendAsync(
                db, new AuditEntry(AuditAction.KindRenamed, AuditActor.Of(actor), subject)
                {
                    Detail = new JsonObject { ["before"] = before },
                }, cancel);
            await db.Database.CommitTransactionAsync(cancel);
            return new SettingResult.Saved(kind.Id);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation
        })
        {
            return Taken();
        }
    }

    private static SettingResult.Invalid Taken() => new("name", "There is a kind of this name already.");

    /// <summary>The namespace of each new deployment begins with it, in lower case; it stands in addresses, too.</summary>
    private static string? NameError(string name) => name switch
    {
        "" => "A name is needed.",
        _ when name.Length > Location.MaxLength => $"This is too long: at most {Location.MaxLength} characters.",
        _ when !Name().IsMatch(name) => "Letters a to z, digits and hyphens only, beginning and ending with a letter or digit.",
        _ when Location.IsReserved(name.ToLowerInvariant()) => "Kubernetes keeps this name for itself; choose another.",
        _ when Guid.TryParse(name, out _) => "A name must not look like an id.",
        _ => null,
    };

    [GeneratedRegex(@"\A[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
