using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>Of a registry only its icon is set here; the rest stands in the configuration, or is what it tells.</summary>
public sealed partial class RegistryEditor(IDbContextFactory<PlatzDb> databases)
{
    public async Task<SettingResult> SetIconAsync(Guid id, string icon, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!(await Access.OfAsync(db, actor, envId: null, kindId: null, cancel)).Allows(Permission.EditSite))
        {
            return new SettingResult.Forbidden(Permission.EditSite);
        }

        if (!Icon().IsMatch(icon.Trim()))
        {
            return new SettingResult.Invalid("fa_icon", "An icon is a name of Font Awesome: database, cart-shopping …");
        }

        return await db.Registries.Where(r => r.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.FaIcon, icon.Trim()), cancel) == 1
            ? new SettingResult.Saved(id)
            : new SettingResult.NotFound();
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Icon();
}
