using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Identity;
using Platz.Core.Resources;
using static Platz.Tests.Web.Access.Command;
using static Platz.Tests.Web.Access.Rule;

namespace Platz.Tests.Web.Access;

/// <summary>Every command of Core, whatever page or route calls it, and what each needs.</summary>
internal static class CommandTable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ActorRef Nobody => new(ActorKind.User, Guid.NewGuid());

    public static IEnumerable<Command> All =>
        [.. OfTheSite, .. OfEnvs, .. OfRoles, .. OfPeople, .. DeploymentCommandTable.All, .. ReadTable.All];

    private static IEnumerable<Command> OfTheSite =>
    [
        Of<EnvRegister>(Site, "Invalid", (e, w, a) => e.CreateAsync("", false, a, Cancel)),
        Of<EnvRegister>(Site, "Saved", (e, w, a) => e.UpdateAsync(w.Env.Id, null, null, a, Cancel)),
        Of<EnvRegister>(Site, "Conflict", (e, w, a) => e.DeleteAsync(w.Env.Id, a, Cancel)),
        Of<ClusterEditor>(Site, "Saved",
            (e, w, a) => e.UpdateAsync(w.Cluster.Id, ClusterSettings.Of(w.Cluster), null, a, Cancel)),
        Of<ClusterEditor>(Site, "Saved", (e, w, a) => e.ChangeAsync(w.Cluster.Id, now => now, null, a, Cancel)),
        Of<ClusterEditor>(Site, "Conflict", (e, w, a) => e.DeleteAsync(w.Cluster.Id, a, Cancel)),
        Of<KindEditor>(Site, "Saved", (e, w, a) => e.RenameAsync(w.Web.Id, w.Web.Name, a, Cancel)),
        Of<RegistryEditor>(Site, "Saved", (e, w, a) => e.SetIconAsync(w.Registry.Id, "cube", a, Cancel)),
        Of<TagFormats>(Site, "Invalid", (f, w, a) => f.AddAsync("", a, Cancel)),
        Of<TagFormats>(Site, "Saved", (f, w, a) => f.DeleteAsync(w.TagFormat, a, Cancel)) with { Takes = true },
    ];

    private static IEnumerable<Command> OfEnvs =>
    [
        Of<EnvEditor>(SiteIn, "Saved", (e, w, a) => e.PlaceAsync(w.Env.Id, null, null, null, a, Cancel)),
        Of<EnvEditor>(SiteIn, "Saved", (e, w, a) => e.ChangeAsync(w.Env.Id, new EnvChange(), null, a, Cancel)),
        Of<SecretEditor>(Admin, "Invalid", (e, w, a) => e.CreateAsync(new NewSecret(w.Env.Id, "", "", ""), a, Cancel)),
        Of<SecretEditor>(Admin, "Saved", (e, w, a) => e.UpdateAsync(w.Secret, null, null, a, Cancel)),
        Of<SecretEditor>(Admin, "Conflict", (e, w, a) => e.DeleteAsync(w.Secret, a, Cancel)),
        Of<SecretEditor>(Any, "List", (e, w, a) => e.ListAsync(w.Env.Id, Cancel)), // names, to whoever may see the env
        Of<DeploymentResourceEditor>(Invoke, "Invalid",
            (e, w, a) => e.CreateAsync(new NewResource(w.DatabaseType, w.Shop.Id, "", new()), a, Cancel)),
        Of<DeploymentResourceEditor>(Invoke, "Conflict",
            (e, w, a) => e.UpdateAsync(w.Database, "x", null, 1_000_000, a, Cancel)),
        Of<DeploymentResourceEditor>(Own, "Conflict", // so says the chart
            (e, w, a) => e.DeleteAsync(w.Database, a, Cancel)),
    ];

    private static IEnumerable<Command> OfRoles =>
    [
        Of<MemberEditor>(Admin, "Invalid", (e, w, a) => e.GrantAsync(w.Env.Id, Nobody, EnvRole.Admin, a, Cancel)),
        Of<MemberEditor>(Admin, "Saved", (e, w, a) => e.TakeAsync(w.Zoe.EnvRole, a, Cancel)) with { Takes = true },
        Of<KindRoleEditor>(Admin, "Invalid",
            (e, w, a) => e.GrantAsync(w.Env.Id, w.Web.Id, Nobody, KindRole.Owner, a, Cancel)),
        Of<KindRoleEditor>(Admin, "Saved", (e, w, a) => e.TakeAsync(w.Zoe.KindRole, a, Cancel)) with { Takes = true },
    ];

    private static IEnumerable<Command> OfPeople =>
    [
        Of<BotEditor>(Site, "Invalid", (e, w, a) => e.CreateAsync("", a, Cancel)),
        Of<BotEditor>(Site, "Saved", (e, w, a) => e.RenameAsync(w.Helper.Id, "helper", a, Cancel)),
        Of<BotEditor>(Site, "Saved", (e, w, a) => e.DeleteAsync(w.Spare, a, Cancel)) with { Takes = true },
        Of<UserEditor>(Site, "Saved", (e, w, a) => e.UpdateAsync(w.Zoe.Id, null, null, a, Cancel)),
        Of<UserEditor>(Site, "Saved", (e, w, a) => e.EndSessionsAsync(w.Zoe.Id, null, a, Cancel)),
        Of<TokenEditor>(Mint, "Invalid", (e, w, a) => e.CreateAsync(NewToken.OfUser(a.Id, ""), a, Cancel)),
        Of<TokenEditor>(Site, "Invalid", (e, w, a) => e.CreateAsync(NewToken.OfUser(w.Zoe.Id, ""), a, Cancel)),
        Of<TokenEditor>(Site, "Invalid", (e, w, a) => e.CreateAsync(NewToken.OfBot(w.Helper.Id, ""), a, Cancel)),
        Of<TokenEditor>(Theirs, "Saved", (e, w, a) => e.RevokeAsync(w.Zoe.Token, a, Cancel)) with { Takes = true },
        Of<TokenEditor>(Site, "Saved", (e, w, a) => e.RevokeAsync(w.Helper.Token, a, Cancel)) with { Takes = true },
    ];
}
