using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>Of a registry only its icon is set here; the rest stands in the configuration, or is what it tells.</summary>
public sealed partial class RegistryEditor(IDbContextFactory<PlatzDb> databases)
{
    public async Task<SettingResult> SetIconAsync(Guid id, string icon, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await db.AdmitsAsync(actor, Permission.EditSite, cancel))
        {
            return new SettingResult.Forbidden(Permission.EditSite);
        }

        if (!Icon().IsMatch(icon.Trim()))
        {
            return new SettingResult.Invalid("fa_icon", "An icon is a name of Font Awesome: database, cart-shopping …");
        }

        if (await db.Registries.SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } registry)
        {
            return new SettingResult.NotFound();
        }

        if (registry.FaIcon != icon.Trim())
        {
            registry.FaIcon = icon.Trim();
            await db.SaveChangesAsync(cancel);
            await AuditLog.AppendAsync(
                db, Told(AuditAction.RegistryIconChanged, registry, AuditActor.Of(actor)) with
                {
                    Detail = new JsonObject { ["icon"] = registry.FaIcon },
                }, cancel);
            await transaction.CommitAsync(cancel);
        }

        return new SettingResult.Saved(id);
    }

    internal static AuditEntry Told(string action, Registry registry, AuditActor actor) =>
        new(action, actor, new AuditSubject("registry", registry.Id, $"{registry.DomainName}/{registry.RepoName}"));

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Icon();
}
